import { Api, check, claim, open, until } from '../harness.mjs';

await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const account = `triage-${Date.now()}`;
  await open(page, stack, 'analyst', `/alerts?account=${account}`);
  await page.getByText('No alerts match this filter').waitFor();

  // Raised while the screen is open: the socket says so, and the list takes it when asked.
  const alert = await admin.raiseAlert(account);
  await page.getByRole('button', { name: /new alert/ }).click();
  const row = page.locator(`[data-alert-id="${alert.id}"]`);
  await row.waitFor();

  const stored = async () =>
    (await admin.send('GET', `alerts?account_id=${account}`)).items.find((each) => each.id === alert.id);
  await page.keyboard.press('j');
  await page.getByRole('complementary', { name: `Alert on ${account}` }).waitFor();
  await page.keyboard.press('a');
  await page.locator(`[data-alert-id="${alert.id}"][data-status="acknowledged"]`).waitFor();
  check((await stored()).status === 'acknowledged', 'the row says acknowledged, the server does not');

  await page.keyboard.press('r');
  await page.getByLabel('False positive').check();
  await page.getByLabel('Note').fill('known customer');
  await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click();
  await page.locator(`[data-alert-id="${alert.id}"][data-status="resolved"]`).waitFor();
  const { status, disposition, note } = await stored();
  check(
    status === 'resolved' && disposition === 'false_positive' && note === 'known customer',
    `stored: ${disposition}, ${note}`,
  );

  // Resolved, it offers nothing more.
  await until(
    async () => (await page.getByRole('button', { name: /^(Acknowledge|Resolve…)$/ }).count()) === 0,
    'actions are still offered',
  );
});
