import { Api, check, claim, open } from '../harness.mjs';

await claim(async ({ page, stack }) => {
  await open(page, stack, 'viewer');
  const api = await Api.as(stack, 'admin');
  const id = await api.pay('live-event-1', '1234.50');

  const row = page.locator(`[data-event-id="${id}"]`);
  await row.waitFor();
  check((await row.textContent()).includes('1,234.50'), 'the row does not show the amount');

  await row.click();
  const panel = page.getByRole('complementary', { name: 'Assessment' });
  for (const heading of ['Why', 'Event', 'Features'])
    await panel.getByRole('heading', { name: heading }).waitFor();
  await panel.getByText(id).waitFor();

  // The address names the panel: it is there after a reload, and gone after Escape.
  await page.reload();
  await panel.getByText(id).waitFor();
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  check(!page.url().includes(id), 'the address still names the event');
});
