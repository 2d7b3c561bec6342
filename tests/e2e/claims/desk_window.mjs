import { Api, check, claim, open, signOut, until } from '../harness.mjs';

const ROWS = 40;

/** How far the window, or anything that holds the shell, has been or can be scrolled; and where its top bar is. */
const shell = (page) =>
  page.evaluate(() => ({
    top: document.querySelector('header').getBoundingClientRect().top,
    scrolled: Math.max(...[...document.querySelectorAll('html, body, #root, #root > *, #main')].map((e) => e.scrollTop)),
    over: document.documentElement.scrollHeight - window.innerHeight,
  }));

async function stands(page, after) {
  const { top, scrolled, over } = await shell(page);
  check(top === 0 && scrolled === 0 && over === 0, `after ${after}: top ${top}, scrolled ${scrolled}, over ${over}`);
}

await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const run = Date.now();
  const alerts = await admin.raiseAlerts(Array.from({ length: ROWS }, (_, i) => `window-${run}-${i}`));

  // The queue is longer than the window, and beside it an alert is open.
  await open(page, stack, 'analyst', `/alerts?alert=${alerts[0].id}`);
  await page.getByRole('heading', { name: 'Features', exact: true }).waitFor();
  await stands(page, 'opening');
  await page.locator(`[data-alert-id]`).first().hover();
  for (let turn = 0; turn < 8; turn++) await page.mouse.wheel(0, 2_000);
  await page.waitForTimeout(200);
  await stands(page, 'the wheel past the end of the list');
  for (const key of ['PageDown', 'End', 'Space']) {
    await page.mouse.click(2, 450);
    await page.keyboard.press(key);
    await stands(page, key);
  }
  await page.locator('[data-alert-id] [role=checkbox]').last().focus();
  await stands(page, 'the focus on the last tick');

  // Nine thousand rupees are less than nine hundred euros, in the queue too.
  const [rupees] = await admin.raiseAlerts([`window-${run}-inr`], { amount: '9000', currency: 'INR' });
  const [euros] = await admin.raiseAlerts([`window-${run}-eur`], { amount: '900', currency: 'EUR' });
  await page.goto(`${stack.url}/alerts`);
  for (const { id } of [rupees, euros]) await page.locator(`[data-alert-id="${id}"]`).waitFor();
  const order = await page.locator('[data-alert-id]').evaluateAll((rows) => rows.map((row) => row.dataset.alertId));
  check(order.indexOf(euros.id) < order.indexOf(rupees.id), 'rupees are taken for euros');

  // In money and by place: sorted by a column, narrowed, and counted as narrowed.
  const grid = page.getByRole('grid', { name: /^Alerts/ });
  await grid.getByRole('button', { name: 'Amount' }).click();
  await page.waitForURL(/sort=-amount/);
  await page.locator('[role=columnheader][aria-sort="descending"]', { hasText: 'Amount' }).waitFor();
  const ids = () => page.locator('[data-alert-id]').evaluateAll((rows) => rows.map((row) => row.dataset.alertId));
  const sorted = await ids();
  check(sorted.indexOf(euros.id) < sorted.indexOf(rupees.id), 'sorted by the numbers, not by the money');
  const part = { country: 'LI', counterparty_id: `zoo-${run}`, device_id: `dv-${run}`, ip: '10.9.8.7' };
  const [far] = await admin.raiseAlerts([`window-${run}-li`], { amount: '1200', currency: 'EUR', ...part });
  await page.getByLabel('Counterparty, exactly').fill(`zoo-${run}`);
  await page.getByLabel('Country, two letters').fill('li');
  await page.getByLabel('Lowest amount, in EUR').fill('1000');
  await page.waitForURL(/amount=1000/);
  await page.locator(`[data-alert-id="${far.id}"]`).waitFor();
  await until(async () => (await ids()).length === 1, 'the filters do not filter');
  const shown = (status) => page.locator(`[data-count=${status}]`);
  await until(async () => (await shown('open').innerText()) === '1', 'the counts do not follow the filters');
  check((await shown('unresolved').innerText()) === '1', 'the counts do not follow the filters');
  for (const text of [/^LI$/, `zoo-${run}`, /^1,200\.00/])
    await page.locator(`[data-alert-id="${far.id}"]`).getByText(text).first().waitFor();

  // What one asks first stands on top of the panel, and keys lead on; its event is labelled there.
  await page.locator(`[data-alert-id="${far.id}"]`).click();
  const facts = page.locator('[data-facts]');
  for (const text of [/^1,200\.00/, `zoo-${run}`, /^LI$/, `dv-${run}`, 'first use', '10.9.8.7'])
    await facts.getByText(text).first().waitFor();
  const { y } = await facts.boundingBox();
  check(y < 450, `the facts begin at ${y}`);
  for (const time of await page.locator('[data-alert-id] time, [data-facts] time').all())
    check(await time.evaluate((e) => e.scrollWidth <= e.clientWidth || getComputedStyle(e).display === 'inline'), 'a time is cut');
  await page.locator(`[data-event="${far.top_event_id}"]`).getByRole('combobox').selectOption('Fraud');
  await until(
    async () => (await admin.send('GET', `risk/${far.top_event_id}/labels`)).items[0]?.fraud === true,
    'the event has no label',
  );
  await page.reload();
  await page.locator(`[data-event="${far.top_event_id}"]`).getByRole('combobox').and(page.locator('select')).waitFor();
  check(
    (await page.locator(`[data-event="${far.top_event_id}"] select`).inputValue()) === 'fraud',
    'the label is not shown',
  );
  await page.keyboard.press('o');
  await page.keyboard.press('c');
  await page.getByRole('heading', { name: `zoo-${run}`, level: 1 }).waitFor();
  await page.goto(`${stack.url}/alerts`);

  // A new tab is signed in, and a renewal in one is not the end of the other.
  const other = await page.context().newPage();
  await other.goto(`${stack.url}/alerts`);
  await other.locator('[data-alert-id]').first().waitFor();
  const stored = (tab) => tab.evaluate(() => JSON.parse(sessionStorage.getItem('session')));
  const before = await stored(other);
  check(before.refreshToken === (await stored(page)).refreshToken, 'the tabs have two sessions');
  const due = async (tab) =>
    tab.evaluate(() => {
      const kept = JSON.parse(sessionStorage.getItem('session'));
      sessionStorage.setItem('session', JSON.stringify({ ...kept, dueAt: 0 }));
    });
  // Both come back at once with a token that is to be exchanged: it is exchanged once.
  await Promise.all([due(page), due(other)]);
  await Promise.all([page.reload(), other.reload()]);
  await Promise.all([page, other].map((tab) => tab.locator('[data-connection="connected"]').waitFor()));
  await page.waitForTimeout(1_000);
  const [here, there] = await Promise.all([stored(page), stored(other)]);
  check(here.refreshToken === there.refreshToken, 'after a renewal the tabs have two sessions');
  check(here.refreshToken !== before.refreshToken, 'nothing was renewed');
  check((await page.evaluate(() => Object.keys(localStorage).join())).includes('session') === false, 'it was written');

  // Signing out in one is signing out in all; and then there is nobody to ask.
  await signOut(page);
  await other.getByRole('heading', { name: 'Sign in' }).waitFor();
  await other.goto(`${stack.url}/alerts`);
  await other.getByRole('heading', { name: 'Sign in' }).waitFor();
});
