import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Api, claim, open } from '../harness.mjs';

const require = createRequire(new URL('../../../frontend/package.json', import.meta.url));
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Screens that need nothing but to be opened. */
const PLAIN = [
  '/settings/profile',
  '/settings/thresholds',
  '/settings/users',
  '/settings/keys',
  '/settings/webhooks',
  '/audit',
];

async function inspect(page, screen) {
  await page.evaluate(axe);
  return page.evaluate(
    async ({ screen, rules }) => {
      // Colours are measured as they end up, not half-way through a fade.
      await Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined)));
      const { violations } = await window.axe.run(document, { runOnly: rules });
      const found = violations.map(
        ({ id, nodes }) => `${screen}: ${id} at ${nodes.map((node) => node.target).join(', ')}`,
      );
      const over = document.documentElement.scrollWidth - window.innerWidth;
      return over > 0 ? [...found, `${screen}: ${over} px wider than the window`] : found;
    },
    { screen, rules: RULES },
  );
}

await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const account = `accessible-${Date.now()}`;
  const { top_event_id, id } = await admin.raiseAlert(account);
  const violations = [];
  await page.goto(`${stack.url}/register`);
  await page.getByRole('heading', { name: 'Create an account' }).waitFor();
  violations.push(...(await inspect(page, 'register')));

  await page.goto(`${stack.url}/forgotten-password`);
  await page.getByRole('heading', { name: 'Forgotten your password?' }).waitFor();
  violations.push(...(await inspect(page, 'forgotten password')));

  await page.emulateMedia({ reducedMotion: 'reduce' });
  // Who may see every screen.
  await open(page, stack, 'admin');
  await page.locator('[data-event-id]').first().waitFor();
  violations.push(...(await inspect(page, 'live')));
  await page.goto(`${stack.url}/live?event=${top_event_id}`);
  await page.getByRole('heading', { name: 'Features' }).waitFor();
  violations.push(...(await inspect(page, 'assessment')));
  await page.goto(`${stack.url}/alerts?account=${account}`);
  await page.locator(`[data-alert-id="${id}"]`).click();
  await page.getByRole('heading', { name: 'Features' }).waitFor();
  violations.push(...(await inspect(page, 'alert')));
  await page.keyboard.press('r');
  await page.getByRole('heading', { name: 'Resolve the alert' }).waitFor();
  violations.push(...(await inspect(page, 'resolve')));
  await page.goto(`${stack.url}/rules`);
  await page.getByRole('grid', { name: 'Rules, by name' }).or(page.getByText('There are no rules yet')).waitFor();
  violations.push(...(await inspect(page, 'rules')));
  await page.goto(`${stack.url}/rules/new`);
  await page.getByRole('textbox', { name: 'Condition' }).fill('event.amount >');
  await page.locator('[data-invalid="true"]').waitFor();
  violations.push(...(await inspect(page, 'new rule')));
  await page.goto(`${stack.url}/lists`);
  await page.getByRole('heading', { name: 'Lists', level: 2 }).waitFor();
  violations.push(...(await inspect(page, 'lists')));
  for (const tab of ['versions', 'calibration', 'drift', 'quality']) {
    await page.goto(`${stack.url}/model?tab=${tab}`);
    await page.getByText('judges every event').waitFor();
    await page.getByLabel('Loading').first().waitFor({ state: 'hidden' });
    violations.push(...(await inspect(page, `model, ${tab}`)));
  }
  await page.goto(`${stack.url}/explore?account=${account}&event=${top_event_id}`);
  await page.getByRole('heading', { name: 'Features' }).waitFor();
  violations.push(...(await inspect(page, 'explore')));
  await page.goto(`${stack.url}/accounts/${account}`);
  await page.getByRole('heading', { name: 'Score over time' }).waitFor();
  violations.push(...(await inspect(page, 'account')));
  for (const screen of PLAIN) {
    await page.goto(stack.url + screen);
    await page.locator('h1').waitFor({ state: 'attached' });
    await page.waitForLoadState('networkidle');
    violations.push(...(await inspect(page, screen)));
  }
  await page.goto(`${stack.url}/nowhere`);
  await page.getByText('There is no such page').waitFor();
  violations.push(...(await inspect(page, 'not found')));
  return { violations };
});
