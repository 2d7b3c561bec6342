import { readFileSync } from 'node:fs';
import { Api, check, claim, open, signIn, signOut, until } from '../harness.mjs';

// Two records with a wrong currency are on the stream: one is corrected, the other is dismissed.
await claim(async ({ page, stack, options: { correct, dismiss } }) => {
  const admin = await Api.as(stack, 'admin');
  const find = async ({ event_id }, status) =>
    (await admin.send('GET', `dead-letters?status=${status}&event_id=${event_id}`)).items[0];
  const [first, second] = await Promise.all(
    [correct, dismiss].map((event) => until(() => find(event, 'open'), 'a wrong record is no dead letter')),
  );
  await open(page, stack, 'admin', '/live');
  const entry = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Dead letters/ });
  const openNow = async () => Number((/\d+/.exec(await entry.innerText()) ?? ['0'])[0]);
  await until(async () => (await openNow()) >= 2, 'the navigation does not count them');

  // One that comes while the page is open is counted without a reload.
  const before = await openNow();
  const twice = { event_id: crypto.randomUUID(), occurred_at: new Date().toISOString() };
  await Promise.all(['1.10', '1.20'].map((amount) => admin.pay('hasty-sender', amount, twice)));
  await until(async () => (await openNow()) > before, 'the count does not follow the stream', 20_000);

  // Filtered, inspected, refused while it is still wrong, corrected in its place.
  await entry.click();
  await page.getByRole('combobox', { name: 'Reason' }).or(page.getByLabel('Reason')).first().waitFor();
  await page.goto(`${stack.url}/dead-letters?reason=invalid`);
  const list = page.getByRole('grid', { name: 'Dead letters, newest first' });
  await list.locator(`[data-row="${first.number}"]`).click();
  const panel = page.getByRole('complementary', { name: `Dead letter ${first.number}` });
  await panel.getByText(/^currency/).first().waitFor();
  const record = panel.getByRole('textbox', { name: 'Record' });
  const came = await record.inputValue();
  check(JSON.parse(came).event_id === correct.event_id, 'the record is not shown');
  await record.fill(came.slice(0, -1));
  await panel.getByRole('button', { name: 'Replay the correction' }).click();
  await panel.getByText('This is not JSON').waitFor();
  await record.fill(came.replace('12.50', '13.50'));
  await panel.getByRole('button', { name: 'Replay the correction' }).click();
  await panel.getByRole('alert').filter({ hasText: 'currency' }).waitFor();
  await record.fill(came.replace(/"currency": "[^"]*"/, '"currency": "EUR"'));
  await panel.getByRole('button', { name: 'Replay the correction' }).click();
  await panel.getByText('replayed', { exact: true }).waitFor();
  const scored = await until(
    () => admin.send('GET', `risk/${correct.event_id}`).catch(() => null),
    'the corrected record was never scored',
  );
  check(scored.account_id === correct.account_id && scored.currency === 'EUR', 'another record was scored');

  // The other one: nothing is to come of it.
  await list.locator(`[data-row="${second.number}"]`).click();
  const other = page.getByRole('complementary', { name: `Dead letter ${second.number}` });
  await other.getByRole('button', { name: 'Dismiss…' }).click();
  await page.getByRole('dialog').getByLabel('Why?').fill('a browser test');
  await page.getByRole('dialog').getByRole('button', { name: 'Dismiss' }).click();
  await other.getByText('a browser test').waitFor();
  check((await find(dismiss, 'dismissed')).note === 'a browser test', 'it is not dismissed');
  await list.locator(`[data-row="${second.number}"]`).waitFor({ state: 'detached' });

  // Exported with their records, of any state.
  await page.goto(`${stack.url}/dead-letters?status=all`);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const lines = readFileSync(await (await download).path(), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  check(lines.some(({ event_id, raw }) => event_id === correct.event_id && raw.includes('12.50')), 'not exported');

  // Who may not is shown neither the way nor the screen.
  await signOut(page);
  await signIn(page, stack.users.analyst);
  await page.locator('[data-connection="connected"]').waitFor();
  check((await entry.count()) === 0, 'an analyst is shown the way');
  await page.goto(`${stack.url}/dead-letters`);
  await page.getByRole('heading', { name: 'Your role does not allow this' }).waitFor();
}, { expectErrors: true });
