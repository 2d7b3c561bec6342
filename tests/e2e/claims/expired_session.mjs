import { Api, check, claim, open, signIn } from '../harness.mjs';

await claim(
  async ({ page, stack }) => {
    const admin = await Api.as(stack, 'admin');
    await open(page, stack, 'viewer');
    const id = await admin.pay('expired-1');
    await page.locator(`[data-event-id="${id}"]`).click();
    const panel = page.getByRole('complementary', { name: 'Assessment', includeHidden: true });
    await panel.waitFor();
    const address = page.url();

    const refused = {
      status: 401,
      contentType: 'application/problem+json',
      json: { title: 'Sign in first' },
    };
    await page.route('**/api/v1/risk/**', (route) => route.fulfill(refused));
    await page
      .getByRole('button', { name: /Critical/ })
      .last()
      .click();
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    check(await panel.isVisible(), 'the screen behind the dialog is gone');

    await page.unroute('**/api/v1/risk/**');
    check(
      (await page.getByLabel('Email').inputValue()) === stack.users.viewer.email,
      'the email has to be typed again',
    );
    await signIn(page, stack.users.viewer);
    await dialog.waitFor({ state: 'detached' });
    check(page.url().startsWith(address.split('&')[0]), `moved to ${page.url()}`);
    await panel.getByText(id).waitFor();
    await page.locator('[data-connection="connected"]').waitFor();
  },
  { expectErrors: true },
);
