import { Api, check, claim, open, until } from '../harness.mjs';

// An analyst's day at the desk without a mouse.
await claim(
  async ({ page, stack }) => {
    const admin = await Api.as(stack, 'admin');
    const account = `triage-${Date.now()}`;
    await open(page, stack, 'analyst', `/alerts?account=${account}`);
    await page.getByText('No alerts match this filter').waitFor();
    const press = (...keys) =>
      keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());

    // Raised while the screen is open: the socket says so, and the list takes it when asked.
    const alert = await admin.raiseAlert(account);
    await page.getByRole('button', { name: /1 new alert/ }).waitFor();
    await press('.');
    const row = (status) => page.locator(`[data-alert-id="${alert.id}"][data-status="${status}"]`);
    await row('open').waitFor();

    const stored = async () =>
      (await admin.send('GET', `alerts?account_id=${account}`)).items.find((each) => each.id === alert.id);
    await press('j');
    const panel = page.getByRole('complementary', { name: `Alert on ${account}` });
    await panel.getByRole('button', { name: 'Acknowledge', exact: true }).waitFor();

    // At once after each other: no key is lost while the server has not answered.
    await press('a', 'r');
    await page.getByLabel('Confirmed risk').waitFor();
    await row('acknowledged').waitFor();
    const acknowledged = await stored();
    // The first choice has the focus; the next is taken, and of its reasons the second.
    await press('ArrowDown');
    await page.getByRole('group', { name: 'Why?' }).waitFor();
    await press('Tab', 'Space', 'ArrowDown', 'Tab');
    await page.keyboard.type('known customer');
    await press('Control+Enter');
    await row('resolved').waitFor();
    const { disposition, disposition_reason, note } = await stored();
    check(
      disposition === 'false_positive' && disposition_reason === 'travel' && note === 'known customer',
      `stored: ${disposition}, ${disposition_reason}, ${note}`,
    );

    const taken = (await until(async () => {
      const found = await admin.send('GET', `risk/${alert.top_event_id}/labels`);
      return found.items.length === 1 && found.items;
    }, 'the resolution gave no label'))[0];
    check(taken.fraud === false, 'the label is not that of the resolution');
    await press('z');
    await row('acknowledged').waitFor();
    // As if it had not been: the deadline goes on where it was, and what the engine was taught is taken back.
    const dueBefore = acknowledged.due_at;
    const dueAfter = (await stored()).due_at;
    check(dueAfter === dueBefore, `due ${dueBefore}, and after undoing ${dueAfter}`);
    await until(
      async () => (await admin.send('GET', `risk/${alert.top_event_id}/labels`)).items.length === 0,
      'the label of an undone resolution stays',
    );
    await page
      .locator('[data-outcome]')
      .getByText(/^Undone: Resolved as false positive/)
      .waitFor();
    await press('z');
    await row('open').waitFor();
    await until(async () => (await stored()).assignee === null, 'undone, it is still somebody’s');

    // The mouse was used meanwhile: the first choice has the focus all the same.
    await row('open').click();
    await press('r');
    await page.locator('input[name="disposition"][value="confirmed_risk"]:focus').waitFor();
    // A digit chooses what it was, the next one why.
    await press('2');
    await page.locator('input[name="disposition"][value="false_positive"]:checked').waitFor();
    await page.getByRole('group', { name: 'Why?' }).waitFor();
    await press('3');
    await page.locator('input[name="reason"][value="data_error"]:checked').waitFor();
    await press('Escape');
    await page.getByRole('dialog', { name: /^Resolve/ }).waitFor({ state: 'detached' });
    await press('s');
    await page.getByRole('dialog', { name: /^Snooze the alert/ }).waitFor();
    await press('Control+Enter');
    await row('open')
      .getByText(/^Snoozed to/)
      .waitFor();
    await press('z');
    await row('open').getByText('Open').waitFor();

    // With one ticked, the same keys are for what is ticked.
    await press('x', 'm');
    await until(
      async () => (await stored()).assignee === stack.users.analyst.email,
      'it is not the analyst’s',
    );
    // Only what the screen says is the analyst's can be given back.
    await page
      .locator('[data-outcome]')
      .getByText(/^Assigned to you/)
      .waitFor();
    await press('Escape', 'u');
    await until(async () => (await stored()).assignee === null, 'it was not given back');
    // A colleague is found by name.
    await press('t');
    await page.getByRole('dialog', { name: `Assign the alert on ${account}` }).waitFor();
    await page.keyboard.type('admin');
    await page.getByRole('option', { name: stack.users.admin.email }).waitFor();
    await press('Enter');
    await until(async () => (await stored()).assignee === stack.users.admin.email, 'it is not the colleague’s');
    await page
      .locator('[data-outcome]')
      .getByText(/^Assigned to /)
      .waitFor();
    await press('n');
    await page
      .locator('[data-outcome]')
      .getByText(/^Yours now: /)
      .waitFor();
    check(new URL(page.url()).searchParams.get('alert'), 'the next one is not in the address');

    // Somebody else was quicker: that is told, and nothing is overruled.
    await page.route('**/acknowledge', async (route) => {
      await admin.send('POST', `alerts/${alert.id}/resolve`, { disposition: 'inconclusive' });
      await route.continue();
    });
    await page.goto(`${stack.url}/alerts?account=${account}&alert=${alert.id}`);
    await panel.getByRole('button', { name: 'Acknowledge', exact: true }).waitFor();
    await press('a');
    await page
      .locator('[data-outcome="refused"]')
      .getByText(/resolved it as inconclusive/)
      .waitFor();
    await row('resolved').waitFor();
  },
  { expectErrors: true },
);
