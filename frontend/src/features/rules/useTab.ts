import { useNavigate, useSearch } from '@tanstack/react-router';
import { readRuleSearch, type Tab } from './search';

/** Which part is shown beside the definition; those who may not try a rule begin with its hits. */
export function useTab(mayDraft: boolean) {
  const { tab: asked } = useSearch({ from: '/shell/rules/$ruleId' });
  const navigate = useNavigate();
  const tab: Tab = mayDraft ? (asked ?? 'try') : asked === 'versions' ? 'versions' : 'hits';
  const setTab = (next: Tab) =>
    void navigate({ from: '/rules/$ruleId', replace: true, search: () => readRuleSearch({ tab: next }) });
  return { tab, setTab };
}
