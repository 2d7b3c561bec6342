// By keyboard: from an alert over its device to the other accounts, all of them blocked, and that undone.
import { Api, check, claim, open, until } from '../harness.mjs';

await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const run = Date.now();
  const device = `dv-walk-${run}`;
  const list = `blocked_${run}`;
  const accounts = ['ada', 'bob', 'eve'].map((name) => `${name}-${run}`);
  const card = { attributes: { card_token: `tok-${run}`, email: `ada.${run}@mail.test` } };
  await admin.send('POST', 'lists', { name: list, purpose: 'deny', subject: 'account', description: 'A test' });
  const part = { device_id: device, ip: '10.77.1.2', ...card };
  for (const account of accounts.slice(1)) await admin.pay(account, '5.00', part);
  const alert = await admin.raiseAlert(accounts[0], part);
  const sharing = () => admin.send('GET', `entities/device/sharing?value=${device}&only=account`).catch(() => null);
  await until(async () => (await sharing())?.kinds[0]?.total === 3, 'the events were never scored');

  const entries = async () =>
    (await admin.send('GET', `lists/${list}/entries`)).items.map(({ value }) => value).sort();

  await open(page, stack, 'analyst', `/alerts?status=all&alert=${alert.id}`);
  await page.getByRole('link', { name: device }).first().waitFor();
  const began = Date.now();
  await page.keyboard.press('o');
  await page.keyboard.press('d');
  await page.getByRole('heading', { name: device, level: 1 }).waitFor();
  await page.getByRole('button', { name: 'List its 3 accounts' }).waitFor();
  await page.keyboard.press('b');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: 'Put 3 accounts on a list' }).waitFor();
  await dialog.getByLabel('List').selectOption(list);
  await dialog.getByText('3 new entries').waitFor();
  await dialog.getByText('No active rule asks for this list').waitFor();
  await dialog.getByLabel('Why?').focus();
  await page.keyboard.type('one device, three accounts');
  await page.keyboard.press('Control+Enter');
  await page.getByText(`3 entries put on ${list}.`).waitFor();
  const seconds = (Date.now() - began) / 1000;
  check(seconds < 60, `took ${seconds} s`);
  check((await entries()).join() === accounts.toSorted().join(), `blocked ${await entries()}`);

  await page.keyboard.press('z');
  await until(async () => (await entries()).length === 0, 'undo left entries on the list');
  await page.getByText(`3 entries put on ${list}.`).waitFor({ state: 'detached' });
  const log = await admin.send('GET', `audit/logs?action=remove_entries&limit=10`);
  check(log.items.length > 0, 'undoing is not in the audit log');

  // The graph is walked from the device to an account and what that shares.
  const graph = page.getByRole('region', { name: 'Graph of connections' });
  await graph.getByRole('button', { name: new RegExp(`^Account ${accounts[1]}`) }).press('Enter');
  await page.getByRole('button', { name: 'Expand' }).click();
  await graph.getByRole('button', { name: /^Counterparty shop-1/ }).waitFor();

  // The search finds each kind of thing, and what was opened stands on top.
  for (const [text, kind, heading] of [
    [device.slice(0, -2), 'Device', device],
    ['10.77.1.2', 'Address', '10.77.1.2'],
    [`tok-${run}`, 'Card', `tok-${run}`],
    [`ada.${run}@`, 'E-mail', `ada.${run}@mail.test`],
    [accounts[2].replace('eve', 'evee'), 'Account', accounts[2]],
  ]) {
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: 'Find anything, or say what to do' }).fill(text);
    await page.getByRole('option', { name: new RegExp(`${kind}.*${heading}`) }).first().click();
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
  }
  await page.keyboard.press('/');
  await page.getByRole('option', { name: new RegExp(`Account.*${accounts[2]}.*recent`) }).waitFor();
  await page.keyboard.press('Shift+Enter');
  await page.getByRole('option', { name: new RegExp(`Account.*${accounts[2]}.*pinned`) }).waitFor();
  return { seconds };
});
