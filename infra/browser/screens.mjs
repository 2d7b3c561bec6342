// Every screen: who sees it, where it is, and when it is ready. For pictures, for the sweep of axe, for first paints.
/**
 * `path` may need something of the API's (see Seed in seed.mjs). `open` goes on from there: to a dialog, say.
 * `roles` are those for which it looks different, the first one being whose picture is taken.
 */
export const SCREENS = [
  { name: 'sign-in', roles: [null], path: () => '/sign-in', ready: heading('Sign in to Risk') },
  { name: 'register', roles: [null], path: () => '/register', ready: heading('Create an account') },
  {
    name: 'forgotten-password',
    roles: [null],
    path: () => '/forgotten-password',
    ready: heading('Forgotten your password?'),
  },
  { name: 'live', roles: ['analyst'], path: () => '/live', ready: row('[data-event-id]') },
  {
    name: 'assessment',
    roles: ['analyst'],
    path: ({ alert }) => `/live?event=${alert.top_event_id}`,
    ready: heading('Features'),
  },
  { name: 'alerts', roles: ['analyst', 'viewer'], path: () => '/alerts', ready: row('[data-alert-id]') },
  {
    name: 'alert',
    roles: ['analyst', 'viewer'],
    path: ({ alert }) => `/alerts?alert=${alert.id}`,
    ready: heading('Features'),
  },
  {
    name: 'resolve',
    roles: ['analyst'],
    path: ({ alert }) => `/alerts?alert=${alert.id}`,
    ready: heading('Features'),
    open: async (page) => {
      await page.keyboard.press('r');
      await page.getByRole('heading', { name: 'Resolve the alert' }).waitFor();
    },
  },
  {
    name: 'assign',
    roles: ['analyst'],
    path: ({ alert }) => `/alerts?alert=${alert.id}`,
    ready: heading('Features'),
    open: async (page) => {
      await page.keyboard.press('t');
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    name: 'commands',
    roles: ['analyst'],
    path: () => '/live',
    ready: row('[data-event-id]'),
    open: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Find anything, or say what to do' }).fill('al');
    },
  },
  {
    name: 'keys',
    roles: ['analyst'],
    path: () => '/live',
    ready: row('[data-event-id]'),
    open: async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('heading', { name: 'Keys' }).waitFor();
    },
  },
  {
    name: 'rules',
    roles: ['analyst'],
    path: () => '/rules',
    ready: (page) =>
      page
        .getByRole('grid', { name: 'Rules, by name' })
        .or(page.getByText('There are no rules yet'))
        .waitFor(),
  },
  {
    name: 'new-rule',
    roles: ['analyst'],
    path: () => '/rules/new',
    ready: (page) => page.getByRole('textbox', { name: 'Condition' }).waitFor(),
    open: async (page) => {
      await page.getByRole('textbox', { name: 'Condition' }).fill('event.amount >');
      await page.locator('[data-invalid="true"]').waitFor();
    },
  },
  { name: 'lists', roles: ['analyst'], path: () => '/lists', ready: heading('Lists') },
  ...['versions', 'calibration', 'drift', 'quality'].map((tab) => ({
    name: `model-${tab}`,
    roles: ['analyst'],
    path: () => `/model?tab=${tab}`,
    ready: text('judges every event'),
  })),
  {
    name: 'explore',
    roles: ['analyst'],
    path: ({ alert }) => `/explore?event=${alert.top_event_id}`,
    ready: heading('Features'),
  },
  {
    name: 'account',
    roles: ['analyst'],
    path: ({ alert }) => `/accounts/${encodeURIComponent(alert.account_id)}`,
    ready: (page) => page.getByRole('heading', { name: 'Score over time' }).waitFor(),
  },
  {
    name: 'counterparty',
    roles: ['analyst'],
    path: ({ alert }) => `/counterparties/${encodeURIComponent(alert.counterparty_id ?? 'shop-1')}`,
    ready: (page) => page.getByRole('heading', { name: 'Score over time' }).waitFor(),
  },
  {
    name: 'import',
    roles: ['admin'],
    path: () => '/settings/import',
    ready: heading('Import'),
    open: async (page) => {
      await page.locator('input[type="file"]').setInputFiles({
        name: 'transactions.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('id,timestamp,account,amount\n1,2025-03-01 10:00:00,a1,12.50\n2,2025-03-01 11:00:00,,9\n'),
      });
      await page.getByRole('region', { name: 'First rows' }).waitFor();
    },
  },
  ...['profile', 'thresholds', 'packs', 'users', 'keys', 'webhooks'].map((section) => ({
    name: `settings-${section}`,
    roles: ['admin'],
    path: () => `/settings/${section}`,
    ready: (page) => page.locator('h1').waitFor({ state: 'attached' }),
  })),
  {
    name: 'dead-letters',
    roles: ['admin'],
    path: ({ letter }) => `/dead-letters?letter=${letter.number}`,
    ready: heading('Record'),
  },
  { name: 'audit', roles: ['admin'], path: () => '/audit', ready: row('[data-row]') },
  {
    name: 'erase',
    roles: ['admin'],
    path: () => '/audit',
    ready: row('[data-row]'),
    open: async (page) => {
      await page.getByRole('button', { name: 'Erase a value…' }).click();
      await page.getByRole('heading', { name: 'Erase a personal value' }).waitFor();
    },
  },
  {
    name: 'forbidden',
    roles: ['viewer'],
    path: () => '/audit',
    ready: text('Your role does not allow this'),
  },
  { name: 'not-found', roles: ['analyst'], path: () => '/nowhere', ready: text('There is no such page') },
];

function heading(name) {
  return (page) => page.getByRole('heading', { name, exact: true }).first().waitFor();
}

function text(words) {
  return (page) => page.getByText(words).first().waitFor();
}

function row(selector) {
  return (page) => page.locator(selector).first().waitFor();
}

/** Goes to a screen, and waits until nothing of it is still on its way. */
export async function show(page, stack, screen, seed) {
  await page.goto(stack.url + screen.path(seed));
  await screen.ready(page);
  await screen.open?.(page);
  await settle(page);
}

/** Waits for fonts, loading placeholders and animations, but not for those that never end: a blinking cursor, say. */
export async function settle(page) {
  await page
    .waitForFunction(() => !document.querySelector('[role="status"][aria-label="Loading"]'), undefined, {
      timeout: 10_000,
    })
    .catch(() => undefined);
  await page.evaluate(async () => {
    await document.fonts.ready;
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity);
    await Promise.all(ending.map((each) => each.finished.catch(() => undefined)));
  });
}
