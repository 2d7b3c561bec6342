import { Api, check, claim, open, until } from '../harness.mjs';

await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const stamp = Date.now();
  const source = `shop-${stamp}`;

  // A key whose events have ids of a source that an Admin names.
  await open(page, stack, 'admin', '/settings/keys');
  await page.getByRole('button', { name: 'New key' }).first().click();
  await page.getByLabel('Name').fill(`till ${stamp}`);
  await page.getByLabel('Source of its event ids').fill(source);
  await page.getByRole('button', { name: 'Make the key' }).click();
  const secret = (await page.locator('[data-secret]').innerText()).trim();
  await page.getByRole('button', { name: 'I have stored it' }).click();
  const key = page.getByRole('complementary', { name: `till ${stamp}` });
  await key.getByText(source, { exact: true }).waitFor();

  // A payment, its refund, a transfer, a sign-up with nested attributes, and a type that nobody registered.
  const order = `order-2024/${stamp} ä`;
  const account = `customer-${stamp}`;
  const send = async (event_type, event_id, part) => {
    const event = { event_type, event_id, occurred_at: new Date().toISOString(), account_id: account, ...part };
    const headers = { 'content-type': 'application/json', 'x-api-key': secret };
    const answer = await fetch(`${stack.url}/api/v1/events`, { method: 'POST', headers, body: JSON.stringify(event) });
    const said = await answer.text();
    check(answer.status === 202, `${event_type} is answered ${answer.status}: ${said}`);
    check(JSON.parse(said).event_source === source, `the event is of another source: ${said}`);
  };
  const money = { amount: '840.50', currency: 'EUR' };
  await send('payment', order, { ...money, counterparty_id: 'shop-7' });
  await send('refund', `refund/${stamp}`, { ...money, original_event_id: order });
  await send('transfer', `transfer ${stamp} #1`, { ...money, counterparty_id: 'payee-9' });
  const attributes = { profile: { address: { city: 'Graz' }, plans: ['free', 'family'] }, referrer: 'friend' };
  await send('signup', `signup-${stamp}`, { attributes });
  await send(`loyalty.redeemed_${stamp}`, `points-${stamp}`, { attributes: { points: 120 } });
  const history = async () => (await admin.send('GET', `risk/history?account_id=${account}`)).items;
  const scored = await until(async () => {
    const found = await history();
    return found.length === 5 && found;
  }, 'the events are not scored');
  check(
    scored.every((one) => one.event_source === source && !/^[0-9a-f-]{36}$/.test(one.event_id)),
    `their ids are ${scored.map((one) => one.event_id)}`,
  );

  // Found by its own id, opened by its link, and led from the payment to its refund and back.
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: 'Find anything, or say what to do' }).fill(order);
  await page.getByRole('option', { name: new RegExp(`Event.*${order}`) }).first().click();
  const panel = page.getByRole('complementary', { name: 'Assessment' });
  await panel.getByText(order).first().waitFor();
  const link = page.url();
  await page.goto('about:blank');
  await page.goto(link);
  await panel.getByText(order).first().waitFor();
  await panel.getByText(source, { exact: true }).waitFor();
  await panel.getByRole('link', { name: `refund/${stamp}` }).click();
  await panel.getByText('Undoes', { exact: true }).waitFor();
  await panel.getByRole('link', { name: order }).click();
  await panel.getByText('Undone by', { exact: true }).waitFor();

  // The others by theirs; what is nested is read in its place.
  const at = (id) => `/explore?event=${encodeURIComponent(`${id}|${source}`)}`;
  await page.goto(stack.url + at(`transfer ${stamp} #1`));
  await panel.getByText('payee-9').first().waitFor();
  await page.goto(stack.url + at(`signup-${stamp}`));
  await panel.getByText('Graz').waitFor();
  await panel.getByText('family').first().waitFor();

  // An Admin sees the type that nobody registered.
  await page.goto(`${stack.url}/settings/event-types`);
  await page
    .getByRole('region', { name: 'Unregistered event types' })
    .getByText(`loyalty.redeemed_${stamp}`, { exact: true })
    .waitFor();
});
