import { check, claim, signIn } from '../harness.mjs';

await claim(
  async ({ page, stack }) => {
    // Asked for without a session, a screen comes after signing in.
    await page.goto(`${stack.url}/alerts?status=all`);
    await signIn(page, { email: stack.users.analyst.email, password: 'not the password' });
    await page.getByText('The email or the password is not right').waitFor();
    await signIn(page, stack.users.analyst);
    await page.getByRole('heading', { name: 'Alerts', exact: true }).waitFor({ state: 'attached' });
    check(page.url().endsWith('/alerts?status=all'), `landed on ${page.url()}`);

    await page.reload();
    await page.locator('[data-connection="connected"]').waitFor();

    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByText('analyst', { exact: true }).waitFor();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(`${stack.url}/live`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  },
  { expectErrors: true },
);
