import { Api, check, claim, open } from '../harness.mjs';

// A model explains: its sentences are there while it still chooses, each in its part, and the answer takes their place.
await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  const account = `explained-${Date.now()}`;
  const alert = await admin.raiseAlert(account);
  await open(page, stack, 'analyst', `/alerts?account=${account}&alert=${alert.id}`);
  const words = page.getByRole('region', { name: 'In words' });
  await words.getByText(`a payment of 19.90 EUR by ${account}`).first().waitFor();
  const written = await words.innerText();
  check(written.includes('Being chosen'), `the answer was there before its sentences: ${written}`);
  await words.getByText('What to check').waitFor();
  await words.getByText('Chosen by model-1').waitFor();
  await words.getByRole('button', { name: 'Evidence E1' }).first().waitFor();
  check(!(await words.getByText('Being chosen').isVisible()), 'it is still being chosen');
});
