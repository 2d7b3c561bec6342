import { Api, check, claim, open, until } from '../harness.mjs';

await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const account = `explorer/${Date.now()}`;
  await admin.raiseAlert(account);
  await admin.pay(account, '40.00');
  await until(
    async () => (await admin.send('GET', `risk/history?account_id=${account}`)).items.length === 2,
    'the payments were never scored',
  );

  await open(page, stack, 'analyst', '/explore');
  await page.getByLabel('Account, exactly').fill(account);
  await until(() => page.url().includes('account='), 'the filter is not in the address');
  const rows = page.getByRole('grid').locator('[data-row]');
  await until(async () => (await rows.count()) === 2, 'the filter does not filter');
  await page.reload();
  await rows.first().click();
  await page.getByRole('complementary').getByRole('heading', { name: 'Why' }).waitFor();
  await page.getByRole('grid').focus();
  const first = new URL(page.url()).searchParams.get('event');
  await page.keyboard.press('ArrowDown');
  await until(() => new URL(page.url()).searchParams.get('event') !== first, 'the keys do not select');

  // Sorted by the server, and so by the address.
  await page.getByRole('columnheader', { name: 'Occurred' }).getByRole('button').click();
  await page.getByRole('columnheader', { name: 'Occurred' }).getByRole('button').click();
  await page.getByRole('grid', { name: 'Assessments, earliest first' }).waitFor();
  await until(
    async () => (await rows.last().getAttribute('data-row')) === first,
    'the one that came last is not the last',
  );
  check(new URL(page.url()).searchParams.get('sort') === 'occurred_at', 'the order is not in the address');

  // Times are written in the zone of one's choice, which lasts, and the other stands beside.
  const time = rows.first().locator('time').first();
  const inUtc = await time.innerText();
  const choose = async (zone) => {
    await page.getByRole('button', { name: 'Appearance' }).click();
    await page.getByRole('dialog', { name: 'Appearance' }).getByRole('button', { name: zone }).click();
    await page.keyboard.press('Escape');
  };
  await choose('Europe/Berlin');
  await page.getByRole('columnheader', { name: /^Occurred, (CES?T|GMT\+[12])$/ }).waitFor();
  check((await time.innerText()) !== inUtc, `still ${inUtc}`);
  check((await time.getAttribute('title')).includes(`${inUtc} UTC`), 'UTC is not beside it');
  const own = await time.innerText();
  await page.reload();
  await rows.first().waitFor();
  check((await time.innerText()) === own, 'the choice of the zone did not last');
  await choose('UTC');
  await page.getByRole('columnheader', { name: 'Occurred, UTC' }).waitFor();
  check((await time.innerText()) === inUtc, 'UTC does not come back');

  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Channel' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('columnheader', { name: 'Channel' }).waitFor();

  await page.getByRole('button', { name: 'Export' }).click();
  const saving = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: /^CSV/ }).click();
  const saved = await saving;
  check(saved.suggestedFilename().endsWith('.csv'), `saved as ${saved.suggestedFilename()}`);

  await rows.first().getByRole('link', { name: account }).click();
  await page.getByRole('heading', { name: account, level: 1 }).waitFor();
  await page.getByRole('heading', { name: 'Score over time' }).waitFor();
  await page.getByRole('table', { name: 'Alerts, newest first' }).locator('[data-row]').first().waitFor();
  await page.getByRole('link', { name: 'shop-1' }).first().click();
  await page.getByRole('heading', { name: 'shop-1', level: 1 }).waitFor();
  await page.getByRole('heading', { name: 'Accounts' }).waitFor();
});
