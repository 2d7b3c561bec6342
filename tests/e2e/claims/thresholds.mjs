import { Api, check, claim, open } from '../harness.mjs';

await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const { thresholds, version } = await admin.send('GET', 'config');
  await open(page, stack, 'admin', '/settings/thresholds');
  const field = (name) => page.getByRole('textbox', { name });
  const shown = async () =>
    Promise.all(['Medium begins at', 'High begins at', 'Critical begins at'].map((name) => field(name).inputValue()));
  const same = async (expected, when) => {
    const values = (await shown()).map(Number);
    check(String(values) === String(expected), `${when}: ${values}, not ${expected}`);
  };
  await same([thresholds.low, thresholds.medium, thresholds.high], 'at first');

  // What is typed is what stands there, key by key, and its neighbours stay as they are.
  await field('High begins at').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('0.95');
  await same([thresholds.low, 0.95, thresholds.high], 'typed');
  await page.getByText('Critical has to begin above High, which begins at 0.95.').waitFor();
  check(await page.getByRole('button', { name: 'Put in force' }).isDisabled(), 'bounds out of order can be saved');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('0.5');
  await page.keyboard.press('Backspace');
  check((await field('High begins at').inputValue()) === '0.', 'a Backspace changed more than a character');
  await page.keyboard.type('55');
  await same([thresholds.low, 0.55, thresholds.high], 'typed on');
  const minutes = field('High, acknowledged within, minutes');
  await minutes.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Backspace');
  check((await minutes.inputValue()) === '', 'a deadline cannot be emptied');
  await page.keyboard.type('30');
  check((await minutes.inputValue()) === '30', 'a deadline is not what was typed');

  // Edits are not left behind unasked, in the page or with it.
  await page.getByRole('link', { name: 'Users' }).click();
  const warning = page.getByRole('dialog', { name: 'Leave without saving?' });
  await warning.waitFor();
  await page.keyboard.press('Enter');
  await warning.waitFor({ state: 'detached' });
  await same([thresholds.low, 0.55, thresholds.high], 'after staying');
  const asked = new Promise((resolve) =>
    page.once('dialog', (dialog) => {
      resolve(dialog.type());
      void dialog.dismiss();
    }),
  );
  await page.evaluate(() => location.reload()).catch(() => undefined);
  check((await asked) === 'beforeunload', 'a reload does not ask');
  await page.getByRole('link', { name: 'Users' }).click();
  await page.getByRole('button', { name: 'Drop the changes' }).click();
  await page.getByRole('heading', { name: 'Users' }).first().waitFor();
  await page.getByRole('link', { name: 'Thresholds' }).click();
  await same([thresholds.low, thresholds.medium, thresholds.high], 'after dropping them');
  check((await admin.send('GET', 'config')).version === version, 'something was put in force');
});
