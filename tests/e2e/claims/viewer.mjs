import { Api, check, claim, open } from '../harness.mjs';

await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const account = `viewer-${Date.now()}`;
  const alert = await admin.raiseAlert(account);
  await open(page, stack, 'viewer', `/alerts?account=${account}&alert=${alert.id}`);
  await page
    .getByRole('complementary', { name: `Alert on ${account}` })
    .getByRole('heading', { name: 'Why' })
    .waitFor();
  check(
    (await page
      .getByRole('button', { name: /^(Acknowledge|Resolve…|Snooze…|Assign to me|Add note)$/ })
      .count()) === 0,
    'a viewer is offered actions',
  );
  for (const key of ['a', 'r', 's', 'm', 'n', 'x', 'z']) await page.keyboard.press(key);
  check((await page.getByRole('dialog').count()) === 0, 'a viewer can open a dialog');
  const { items } = await admin.send('GET', `alerts?account_id=${account}`);
  const { status, assignee } = items[0];
  check(status === 'open' && assignee === null, `the alert became ${status}, of ${assignee}`);
});
