import { Api, check, claim, open, signOut } from '../harness.mjs';

const SCORECARD = 'scorecard-1';

await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const { champion } = await admin.send('GET', 'models/current');
  const { period, metrics } = await admin.send('GET', `models/${champion}`);
  const force = page.getByRole('region', { name: 'In force' });

  await open(page, stack, 'admin', '/model');
  await force.getByRole('heading', { name: champion }).waitFor();
  await force.getByText(metrics.auc.toFixed(3)).waitFor();
  await force.getByText(period.judged.events.toLocaleString('en-GB')).waitFor();
  await page.getByRole('button', { name: `Shadow… with ${SCORECARD}` }).click();
  await page.getByRole('dialog').getByLabel('Why?').fill('a browser test');
  await page.getByRole('dialog').getByRole('button', { name: 'Let it score in shadow' }).click();
  await force.getByRole('heading', { name: SCORECARD }).waitFor();
  await force
    .getByText('No event that both scored has a label yet')
    .or(force.getByText('Average precision').nth(1))
    .first()
    .waitFor();
  check((await admin.send('GET', 'models/current')).challenger === SCORECARD, 'it does not challenge');

  // What it was like in training is there before anything has a label.
  await page.getByRole('button', { name: 'Calibration' }).click();
  await page.getByRole('img', { name: 'Reliability diagram; the table view has the numbers' }).waitFor();
  await page.getByRole('button', { name: 'Table' }).first().click();
  await page.getByRole('rowheader', { name: 'Champion in training, 0.9 to 1' }).waitFor();
  await page.getByRole('button', { name: 'Drift' }).click();
  await page
    .getByText('population stability index')
    .or(page.getByText('There is no drift to show'))
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Quality' }).click();
  await page
    .getByText('Nothing can be measured yet')
    .or(page.getByText(/labelled events, .+ of them frauds/))
    .first()
    .waitFor();

  // Who may only look is offered no change.
  await signOut(page);
  await open(page, stack, 'viewer', '/model');
  await force.getByRole('heading', { name: SCORECARD }).waitFor();
  for (const button of [/^Shadow…/, /^Judge…/, /^Withdraw/, /^Let it/, /^Undo/])
    check((await page.getByRole('button', { name: button }).count()) === 0, `a viewer is offered ${button}`);

  await signOut(page);
  await open(page, stack, 'admin', '/model');
  await page.getByRole('button', { name: 'Withdraw…' }).click();
  await page.getByRole('dialog').getByLabel('Why?').fill('the test is over');
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw it' }).click();
  await force.getByText('Nobody challenges the champion').waitFor();
});
