import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { readAlertsSearch } from '@/features/alerts/search';
import { readAuditSearch } from '@/features/audit/search';
import { readDeadLetterSearch } from '@/features/dead_letters/search';
import { readExploreSearch } from '@/features/explore/search';
import { readListsSearch } from '@/features/lists/search';
import { readLiveSearch } from '@/features/live/search';
import { readModelSearch } from '@/features/model/search';
import { readPacksSearch } from '@/features/packs/search';
import { readPartySearch } from '@/features/parties/search';
import { readRuleSearch, readRulesSearch } from '@/features/rules/search';
import { arrive } from '@/features/session/arrive';
import { session } from '@/shared/session/store';
import { joinSession } from '@/shared/session/tabs';
import { ErrorScreen } from './errors/ErrorScreen';
import { NotFound } from './errors/NotFound';
import { Shell } from './shell/Shell';

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: ErrorScreen });

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string; failed?: true } => {
    // Only a path of this site: an address from outside must not send anyone elsewhere.
    const to = text(search.to);
    const failed = search.failed ? ({ failed: true } as const) : {};
    return to?.startsWith('/') && !to.startsWith('//') ? { to, ...failed } : failed;
  },
  component: lazyRouteComponent(() => import('@/features/session/SignInScreen'), 'SignInScreen'),
});

const register = createRoute({
  getParentRoute: () => root,
  path: '/register',
  component: lazyRouteComponent(() => import('@/features/session/RegisterScreen'), 'RegisterScreen'),
});

const forgottenPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgotten-password',
  component: lazyRouteComponent(
    () => import('@/features/session/ForgottenPasswordScreen'),
    'ForgottenPasswordScreen',
  ),
});

const setPassword = createRoute({
  getParentRoute: () => root,
  path: '/set-password',
  component: lazyRouteComponent(() => import('@/features/session/SetPasswordScreen'), 'SetPasswordScreen'),
});

/** Where the identity provider's answer leads; its token is used up before anything is shown, once, and only in the tab that asked for it. */
const signedIn = createRoute({
  getParentRoute: () => root,
  path: '/signed-in',
  beforeLoad: async ({ location }) => {
    const arrived = await arrive(location.hash).catch(() => false);
    if (arrived) throw redirect({ to: '/live', hash: '', replace: true });
    throw redirect({ to: '/sign-in', search: { failed: true }, hash: '', replace: true });
  },
});

/** Everything that needs somebody to be signed in. An expired session stays where it is. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ location }) => {
    await joinSession();
    if (session.get().status === 'signed-out')
      throw redirect({ to: '/sign-in', search: { to: location.href } });
  },
});

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/live', replace: true });
  },
});

const live = createRoute({
  getParentRoute: () => shell,
  path: '/live',
  validateSearch: readLiveSearch,
  component: lazyRouteComponent(() => import('@/features/live/LiveScreen'), 'LiveScreen'),
});

const alerts = createRoute({
  getParentRoute: () => shell,
  path: '/alerts',
  validateSearch: readAlertsSearch,
  component: lazyRouteComponent(() => import('@/features/alerts/AlertsScreen'), 'AlertsScreen'),
});

const explore = createRoute({
  getParentRoute: () => shell,
  path: '/explore',
  validateSearch: readExploreSearch,
  component: lazyRouteComponent(() => import('@/features/explore/ExploreScreen'), 'ExploreScreen'),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: '/accounts/$accountId',
  validateSearch: readPartySearch,
  component: lazyRouteComponent(() => import('@/features/parties/AccountScreen'), 'AccountScreen'),
});

const counterparty = createRoute({
  getParentRoute: () => shell,
  path: '/counterparties/$counterpartyId',
  validateSearch: readPartySearch,
  component: lazyRouteComponent(() => import('@/features/parties/CounterpartyScreen'), 'CounterpartyScreen'),
});

const entity = createRoute({
  getParentRoute: () => shell,
  path: '/entities/$kind/$value',
  validateSearch: readPartySearch,
  component: lazyRouteComponent(() => import('@/features/parties/EntityScreen'), 'EntityScreen'),
});

const rules = createRoute({
  getParentRoute: () => shell,
  path: '/rules',
  validateSearch: readRulesSearch,
  component: lazyRouteComponent(() => import('@/features/rules/RulesScreen'), 'RulesScreen'),
});

const newRule = createRoute({
  getParentRoute: () => shell,
  path: '/rules/new',
  component: lazyRouteComponent(() => import('@/features/rules/NewRuleScreen'), 'NewRuleScreen'),
});

const rule = createRoute({
  getParentRoute: () => shell,
  path: '/rules/$ruleId',
  validateSearch: readRuleSearch,
  component: lazyRouteComponent(() => import('@/features/rules/RuleScreen'), 'RuleScreen'),
});

const lists = createRoute({
  getParentRoute: () => shell,
  path: '/lists',
  validateSearch: readListsSearch,
  component: lazyRouteComponent(() => import('@/features/lists/ListsScreen'), 'ListsScreen'),
});

const packs = createRoute({
  getParentRoute: () => shell,
  path: '/packs',
  validateSearch: readPacksSearch,
  component: lazyRouteComponent(() => import('@/features/packs/PacksScreen'), 'PacksScreen'),
});

const model = createRoute({
  getParentRoute: () => shell,
  path: '/model',
  validateSearch: readModelSearch,
  component: lazyRouteComponent(() => import('@/features/model/ModelScreen'), 'ModelScreen'),
});

const deadLetters = createRoute({
  getParentRoute: () => shell,
  path: '/dead-letters',
  validateSearch: readDeadLetterSearch,
  component: lazyRouteComponent(
    () => import('@/features/dead_letters/DeadLettersScreen'),
    'DeadLettersScreen',
  ),
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('@/features/audit/AuditScreen'), 'AuditScreen'),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings/$section',
  component: lazyRouteComponent(() => import('@/features/settings/SettingsScreen'), 'SettingsScreen'),
});

const settingsHome = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/$section', params: { section: 'profile' }, replace: true });
  },
});

const screens = [
  home,
  live,
  alerts,
  explore,
  account,
  counterparty,
  entity,
  rules,
  newRule,
  rule,
  lists,
  packs,
  model,
  deadLetters,
  audit,
  settings,
  settingsHome,
] as const;

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    register,
    forgottenPassword,
    setPassword,
    signedIn,
    shell.addChildren(screens),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: ErrorScreen,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
