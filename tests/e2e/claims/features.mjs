import { Api, check, claim, open, signOut, until } from '../harness.mjs';

await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const stamp = Date.now();
  const name = `device_accounts_${stamp}`;
  const send = (account) => admin.pay(account, '12.00', { device_id: `device-${stamp}`, channel: 'web' });
  for (const account of ['one', 'two', 'three']) await send(`${account}-${stamp}`);
  await until(
    async () => (await admin.send('GET', `risk/history?device_id=device-${stamp}`)).items.length === 3,
    'the events are not scored',
  );

  // An analyst writes it, with completion, and sees it over stored events before it is kept.
  await open(page, stack, 'analyst', '/settings/features');
  await page.getByRole('button', { name: 'New feature' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Key', { exact: true }).fill('device_id');
  await dialog.getByRole('combobox', { name: 'Aggregate' }).selectOption('distinct');
  await dialog.getByLabel(/^Field/).fill('account_id');
  await dialog.getByLabel('Window').fill('7d');
  await dialog.getByRole('textbox', { name: 'Filter' }).click();
  await page.keyboard.type('event.chan');
  await page.getByRole('option', { name: /event\.channel/ }).first().click();
  await page.keyboard.type(' == "web"');
  await dialog.getByLabel('Unit').fill('accounts');
  await dialog.getByLabel('Meaning').fill('different accounts that used the device on the web');
  await dialog.getByRole('button', { name: 'Preview on stored events' }).click();
  await dialog.getByRole('region', { name: 'Preview' }).getByText(/of which \d+ have a value/).waitFor();
  await dialog.getByRole('button', { name: 'Keep as a draft' }).click();
  const panel = page.getByRole('complementary', { name: `features.${name}` });
  await panel.getByText('distinct account_id by device_id in 7d').first().waitFor();
  check((await panel.getByRole('button', { name: 'Backfill…' }).count()) === 0, 'an analyst may move it');

  // An administrator has it backfilled, puts it live, and takes that back.
  await signOut(page);
  await open(page, stack, 'admin', '/settings/features');
  await page.getByText(`features.${name}`).first().click();
  const move = async (action, reason) => {
    await panel.getByRole('button', { name: `${action}…` }).click();
    await page.getByRole('dialog').getByLabel('Why?').fill(reason);
    await page.getByRole('dialog').getByRole('button', { name: action.split(' last')[0], exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };
  await move('Backfill', 'a browser test');
  await panel.getByText(/Backfilled over \d+ events/).waitFor();
  await move('Put live', 'it is right');
  await panel.getByText('live', { exact: true }).first().waitFor();
  const { items } = await admin.send('GET', 'rules/names');
  check(
    items.some((one) => one.name === `features.${name}`),
    'rules do not know the feature',
  );
  const value = await until(async () => {
    const event = await send(`four-${stamp}`);
    const detail = await until(
      () => admin.send('GET', `risk/${event}`).catch(() => null),
      'the event is not scored',
    );
    return detail.features.find((one) => one.name === name)?.value;
  }, 'no event has the feature');
  check(value >= 3, `the feature is ${value}`);
  await move('Undo last change', 'too early');
  await panel.getByText('backfilled', { exact: true }).first().waitFor();
  await move('Archive', 'the test is over');
  await panel.getByText('archived', { exact: true }).first().waitFor();
});
