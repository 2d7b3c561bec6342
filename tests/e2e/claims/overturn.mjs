import { Api, check, claim, open, signOut, until } from '../harness.mjs';

await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const account = `overturned-${Date.now()}`;
  const event = { event_type: 'payment', occurred_at: new Date().toISOString(), account_id: account,
    event_id: `order-2024/${account} ä`, amount: '12.00', currency: 'EUR' };
  await admin.send('POST', 'events', event);
  const history = async (query = '') => (await admin.send('GET', `risk/history?account_id=${account}${query}`)).items;
  const [scored] = await until(async () => {
    const found = await history();
    return found.length === 1 && found;
  }, 'the event is not scored');
  const decided = scored.decision.action;
  const [to, fraud] = decided === 'approve' ? ['decline', true] : ['approve', false];

  // Overturned, with a reason; it shows at once, and in the list.
  const address = `/explore?account=${account}&event=${encodeURIComponent(event.event_id)}`;
  await open(page, stack, 'analyst', address);
  const panel = page.getByRole('complementary');
  await panel.getByText(/Decided by/).waitFor();
  await panel.getByRole('button', { name: 'Overturn…' }).click();
  const dialog = page.getByRole('dialog', { name: /Overturn/ });
  await dialog.getByRole('combobox', { name: 'Instead' }).selectOption(to);
  await dialog.getByLabel('Why?').fill('the customer was called');
  await dialog.getByRole('button', { name: 'Overturn', exact: true }).click();
  await panel.getByText(/overturned to .* the customer was called/).waitFor();
  const [overturned] = await history('&overturned=true');
  check(overturned?.overturn?.action === to, `the overturn is ${JSON.stringify(overturned?.overturn)}`);

  // It becomes a label, through the engine.
  const path = `risk/${encodeURIComponent(event.event_id)}/labels`;
  const labels = async () => (await admin.send('GET', path)).items;
  const [label] = await until(async () => {
    const found = await labels();
    return found.length > 0 && found;
  }, 'the overturn became no label');
  check(label.fraud === fraud && label.source === `overturn:${overturned.overturn.id}`, JSON.stringify(label));

  // Found by the filter, and undone.
  await page.getByRole('combobox', { name: 'Overturned' }).selectOption('overturned');
  await until(() => page.url().includes('overturned=true'), 'the filter is not in the address');
  await panel.getByRole('button', { name: 'Undo' }).click();
  await panel.getByText(/undone by/).waitFor();
  await until(async () => (await labels()).length === 0, 'the label is not withdrawn');
  check((await history('&overturned=true')).length === 0, 'it is overturned still');

  // Who may only look sees what was done, and no way to do it.
  await signOut(page);
  await open(page, stack, 'viewer', address);
  await panel.getByText(/undone by/).waitFor();
  check((await panel.getByRole('button', { name: 'Overturn…' }).count()) === 0, 'a viewer may overturn');
});
