import { Api, check, claim, open } from '../harness.mjs';

await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const account = `viewer-${Date.now()}`;
  const alert = await admin.raiseAlert(account);
  await open(page, stack, 'viewer', `/alerts?account=${account}&alert=${alert.id}`);
  await page
    .getByRole('complementary', { name: `Alert on ${account}` })
    .getByText('Why')
    .waitFor();
  check(
    (await page.getByRole('button', { name: /^(Acknowledge|Resolve…)$/ }).count()) === 0,
    'a viewer is offered actions',
  );
  await page.keyboard.press('a');
  await page.keyboard.press('r');
  check((await page.getByRole('dialog').count()) === 0, 'a viewer can open the resolve dialog');
  const { items } = await admin.send('GET', `alerts?account_id=${account}`);
  check(items[0].status === 'open', `the alert became ${items[0].status}`);
});
