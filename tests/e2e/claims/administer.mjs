import { Api, check, claim, open, signIn, until } from '../harness.mjs';

await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const stamp = Date.now();
  await open(page, stack, 'admin', '/settings/thresholds');

  // Thresholds: what they would change is said before they are saved.
  await page.locator('[data-preview]').waitFor();
  await page.getByRole('textbox', { name: 'Critical begins at' }).fill('0.85');
  await page.getByLabel('Why? It is kept with the version').fill(`browser test ${stamp}`);
  await page.getByRole('button', { name: 'Put in force' }).click();
  const versions = page.getByRole('table', { name: /^Versions/ });
  const newest = versions.getByRole('row').filter({ hasText: `browser test ${stamp}` });
  await newest.getByText('In force').waitFor();
  check((await admin.send('GET', 'config')).thresholds.high === 0.85, 'the threshold is not in force');
  await versions.getByRole('button', { name: 'Return to it…' }).first().click();
  await page.getByRole('dialog').getByLabel('Why?').fill('back again');
  await page.getByRole('dialog').getByRole('button', { name: 'Put in force' }).click();
  await versions.getByText('back again').waitFor();
  check((await admin.send('GET', 'config')).thresholds.high === 0.8, 'the rollback is not in force');

  // Users: invited, given a role, closed.
  await page.getByRole('link', { name: 'Users' }).click();
  await page.getByRole('button', { name: 'Invite' }).click();
  await page.getByLabel('Email').fill(`guest-${stamp}@risk.local`);
  await page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click();
  const person = page.getByRole('complementary', { name: `guest-${stamp}@risk.local` });
  await person.getByText('Analyst', { exact: true }).click();
  await person.getByRole('button', { name: 'Close the account…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close the account' }).click();
  await person.getByText('Closed', { exact: true }).waitFor();

  // Keys: shown once, revoked.
  await page.getByRole('link', { name: 'API keys' }).click();
  await page.getByRole('button', { name: 'New key' }).first().click();
  await page.getByLabel('Name').fill(`machine ${stamp}`);
  await page.getByRole('button', { name: 'Make the key' }).click();
  const secret = (await page.locator('[data-secret]').innerText()).trim();
  check(secret.startsWith('rk_'), 'the key is not shown');
  await page.getByRole('button', { name: 'I have stored it' }).click();
  const key = page.getByRole('complementary', { name: `machine ${stamp}` });
  await key.getByRole('button', { name: 'Revoke…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await key.getByText('revoked', { exact: true }).waitFor();
  check(!(await page.content()).includes(secret), 'the key is still in the page');

  // Webhooks: made, told of a test.
  await page.getByRole('link', { name: 'Webhooks' }).click();
  await page.getByRole('button', { name: 'New webhook' }).first().click();
  await page.getByLabel('Name').fill(`receiver ${stamp}`);
  await page.getByLabel('Where to').fill('http://127.0.0.1:9/nobody');
  await page.getByLabel('Countries (optional)').fill('nowhere');
  await page.getByRole('button', { name: 'Make the webhook' }).click();
  // What is refused is told in words, beside its field.
  await page.getByText(/is not valid: it was .?NOWHERE/).first().waitFor();
  await page.getByLabel('Countries (optional)').fill('de, AT');
  await page.getByRole('combobox', { name: 'Lowest level' }).selectOption('HIGH');
  await page.getByLabel(/^Least amount, in EUR/).fill('1000');
  await page.getByRole('button', { name: 'Make the webhook' }).click();
  await page.getByRole('button', { name: 'I have stored it' }).click();
  await page.locator('[data-filter]').getByText('High and above, in DE or AT, from 1000 EUR').waitFor();
  await page.getByRole('button', { name: 'Change…' }).click();
  await page.getByRole('dialog').getByLabel('Countries (optional)').fill('');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.locator('[data-filter]').getByText('High and above, from 1000 EUR').waitFor();
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.locator('[data-delivery]').first().waitFor();

  // Audit: what was done here is in it, is verified, and is proven in the browser.
  await page.getByRole('link', { name: 'Audit' }).click();
  const records = page.getByRole('grid', { name: 'Records, newest first' });
  await records.getByText('Create webhook').first().waitFor();
  await until(async () => {
    const { size } = await admin.send('GET', 'audit/checkpoint').catch(() => ({ size: 0 }));
    return size > 0;
  }, 'no checkpoint was signed');
  await page.reload();
  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.locator('[data-verification="done"]').waitFor();
  await page.goto(`${stack.url}/audit?record=1`);
  await page.getByRole('button', { name: 'Prove it' }).click();
  await page.locator('[data-proof="true"]').waitFor();

  // A personal value is forgotten wherever it was kept, and what proves the records stays.
  await page.getByRole('button', { name: 'Erase a value…' }).click();
  await page.getByLabel('The value, exactly as it is kept').fill(`guest-${stamp}@risk.local`);
  await page.getByLabel('Why?').fill('asked to be forgotten');
  await page.getByRole('button', { name: 'Erase for ever' }).click();
  await page.locator('[data-erased="1"]').waitFor();
  await page.getByRole('button', { name: 'Done' }).click();

  // Where one is signed in: here, and as the program that asks beside the browser.
  await page.goto(`${stack.url}/settings/profile`);
  await page.locator('[data-session]').filter({ hasText: 'This one' }).waitFor();
  check((await page.getByRole('button', { name: 'End', exact: true }).count()) > 0, 'no other session is shown');

  // Who may not see it is told so.
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await signIn(page, stack.users.viewer);
  await page.locator('[data-connection="connected"]').waitFor();
  for (const path of ['/audit', '/settings/users']) {
    await page.goto(stack.url + path);
    await page.getByRole('heading', { name: 'Your role does not allow this' }).waitFor();
  }
  await page.goto(`${stack.url}/settings/thresholds`);
  await page.getByText('Only an administrator can change it').waitFor();
  check(
    (await page.getByRole('textbox', { name: 'Critical begins at' }).isDisabled()) === true,
    'a viewer can edit',
  );
  await page.goto(`${stack.url}/explore`);
  check(await page.getByRole('button', { name: 'Export' }).isDisabled(), 'a viewer can export');
});
