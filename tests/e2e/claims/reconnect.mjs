import { Api, claim, open } from '../harness.mjs';

await claim(
  async ({ page, stack }) => {
    await open(page, stack, 'viewer');
    const api = await Api.as(stack, 'admin');
    const before = await api.pay('reconnect-1');
    await page.locator(`[data-event-id="${before}"]`).waitFor();

    // Tickets are refused, so that the page stays cut off for as long as the test needs.
    await page.route('**/api/v1/auth/ws-ticket', (route) => route.fulfill({ status: 503, json: {} }));
    await page.evaluate(() => window.dispatchEvent(new Event('offline')));
    await page.getByText(/Not live: stopped/).waitFor();
    const during = await api.pay('reconnect-2');
    await page.unroute('**/api/v1/auth/ws-ticket');
    await page.locator(`[data-event-id="${during}"]`).waitFor();
    await page.locator('[data-connection="connected"]').waitFor();
    await page.locator(`[data-event-id="${before}"]`).waitFor();
  },
  { expectErrors: true },
);
