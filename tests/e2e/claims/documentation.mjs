// The pages about the API: nothing from another host, nothing that the policy refuses, one click to be signed in.
import { check, claim, open } from '../harness.mjs';

await claim(async ({ page, stack }) => {
  await open(page, stack, 'analyst');
  const context = page.context();
  const origin = new URL(stack.url).origin;
  const elsewhere = [];
  await context.route('**/*', (route) => {
    const { protocol, origin: asked } = new URL(route.request().url());
    if (!protocol.startsWith('http') || asked === origin) return route.continue();
    elsewhere.push(route.request().url());
    return route.abort();
  });
  const complaints = [];
  const look = (tab) => {
    tab.on('pageerror', (error) => complaints.push(error.message));
    // What the policy refuses is an error; a warning of Redoc's about how it makes an example is none.
    tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  };

  await page.getByRole('button', { name: 'Your account' }).click();
  const opening = context.waitForEvent('page');
  context.once('page', look);
  await page.getByRole('menuitem', { name: 'API documentation' }).click();
  const docs = await opening;
  await docs.getByRole('button', { name: 'Sign in with my session' }).click();
  await docs.getByText(`Signed in as ${stack.users.analyst.email}`).waitFor();
  await docs.locator('[id^="operations-tag-auth"]').first().click();
  await docs.locator('.opblock-summary-path[data-path="/api/v1/auth/me"]').click();
  await docs.getByRole('button', { name: 'Execute' }).click();
  await docs.locator('.live-responses-table .response-col_status').getByText('200').waitFor();
  await docs.locator('.live-responses-table').getByText(stack.users.analyst.email).waitFor();

  const redoc = await context.newPage();
  look(redoc);
  await redoc.goto(`${stack.url}/redoc`);
  await redoc.getByRole('heading', { name: 'Real-Time Risk Management System' }).first().waitFor();
  await redoc.getByText('/api/v1/auth/me').first().waitFor();

  check(elsewhere.length === 0, `asked other hosts: ${elsewhere.join(', ')}`);
  check(complaints.length === 0, `complained: ${complaints.join('\n')}`);
});
