import { Api, check, claim, open, until } from '../harness.mjs';

await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const stamp = Date.now();
  await open(page, stack, 'admin', '/settings/decisions');
  const rules = page.getByRole('list', { name: 'Rules of the policy, in order' });
  await rules.getByText('decline_critical').waitFor();

  // A draft, previewed, put in force.
  await page.getByRole('button', { name: 'Add rule…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('step_up');
  await dialog.getByRole('combobox', { name: 'Effect' }).selectOption('action:challenge');
  await dialog.getByLabel('Families').fill('payment');
  await dialog.getByRole('button', { name: 'Keep in the draft' }).click();
  await rules.getByText('step_up').waitFor();
  await page.getByRole('button', { name: 'Move step_up up' }).click();
  await page.getByRole('button', { name: 'Preview on the last week' }).click();
  await page.getByRole('region', { name: 'Preview' }).getByText(/decided again/).waitFor();
  await page.getByRole('button', { name: 'Put in force…' }).click();
  await dialog.getByLabel('Why?').fill(`browser test ${stamp}`);
  await dialog.getByRole('button', { name: 'Put in force' }).click();
  await page.getByText(`browser test ${stamp}`).waitFor();
  const found = (await admin.send('GET', 'decisions/policy')).policy.rules.map((rule) => rule.name);
  check(found.join() === 'decline_critical,step_up,review_high', `the policy is ${found}`);

  // What is decided by it shows beside the level, and why.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const event = { event_type: 'payment', occurred_at: new Date().toISOString(), account_id: `decided-${stamp}`,
    amount: '12.00', currency: 'EUR' };
  const { event_id } = await admin.send('POST', 'events', event);
  await until(
    async () => (await admin.send('GET', `risk/history?account_id=decided-${stamp}`)).items.length === 1,
    'the event is scored',
  );
  await page.goto(`${stack.url}/explore?decision=challenge&event=${event_id}`);
  await page.getByText(/Decided by step_up: family payment/).waitFor();
});
