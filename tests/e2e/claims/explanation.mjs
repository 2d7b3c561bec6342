import { Api, check, claim, open } from '../harness.mjs';

// A model explains: its sentences are there while it still chooses, each in its part, and the answer takes their place.
await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const account = `explained-${Date.now()}`;
  const alert = await admin.raiseAlert(account);
  await open(page, stack, 'analyst', `/alerts?account=${account}`);
  // Connected first: what is written before the WebSocket is open comes with the answer alone.
  await page.locator('[data-connection="connected"]').waitFor();
  await page.locator(`[data-alert-id="${alert.id}"]`).click();
  const words = page.getByRole('region', { name: 'In words' });
  // Looked at in each frame: asked for one after the other from here, the answer may come between.
  await page.waitForFunction(
    (texts) => {
      const [words] = [...document.querySelectorAll('section')].filter((each) => each.innerText.startsWith('In words'));
      return words && texts.every((text) => words.innerText.toLowerCase().includes(text.toLowerCase()));
    },
    ['Being chosen', `a payment of 19.90 EUR by ${account}`],
  );
  await words.getByText('What to check').waitFor();
  await words.getByText('Chosen by model-1').waitFor();
  await words.getByRole('button', { name: 'Evidence E1' }).first().waitFor();
  check(!(await words.getByText('Being chosen').isVisible()), 'it is still being chosen');
});
