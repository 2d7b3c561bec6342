import { Api, check, claim, open, until } from '../harness.mjs';

await claim(async ({ page, stack }) => {
  const admin = await Api.as(stack, 'admin');
  await open(page, stack, 'admin', '/settings/packs');

  // Tried, then installed; the definitions wait for the engine.
  const dialog = page.getByRole('dialog');
  const install = async (button) => {
    await page.getByRole('button', { name: button }).click();
    await dialog.getByRole('region', { name: 'What would change' }).waitFor();
    await dialog.getByRole('button', { name: 'Install', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  };
  await install('Install Operations…');
  const changed = page.getByRole('region', { name: 'What was changed' });
  await changed.getByText('definition series_mean_1h: created, moved to backfilled').waitFor();
  await changed.getByText(/Waiting: definition series_mean_1h: is being backfilled/).waitFor();
  const backfilled = async () => {
    const found = await admin.send('PUT', 'packs/operations', { dry_run: true });
    return !found.waiting.some((text) => text.includes('is being backfilled'));
  };
  await until(backfilled, 'the engine backfills the definitions');
  await install('Install again Operations…');
  await changed.getByText('rule metric_spike: created, moved to shadow').waitFor();

  // What its page declares is drawn of events that come in.
  const event = { event_type: 'service.metric', occurred_at: new Date().toISOString(), account_id: 'service-browser',
    attributes: { series: 'service-browser/latency', value: 41.5 } };
  const { event_id } = await admin.send('POST', 'events', event);
  await until(
    async () => (await admin.send('GET', 'risk/history?account_id=service-browser')).items.length === 1,
    'the reading is scored',
  );
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Packs' }).click();
  await page.getByRole('heading', { name: 'Operations', level: 1 }).waitFor();
  await page.getByRole('link', { name: event_id }).waitFor();
  await page.getByRole('cell', { name: '41.5' }).waitFor();
  await page.getByRole('link', { name: 'metric_spike' }).waitFor();

  // Removed, with its way in the navigation.
  await page.goto(`${stack.url}/settings/packs`);
  await page.getByRole('button', { name: 'Remove Operations…' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await changed.getByText('rule metric_spike: moved to archived').waitFor();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Packs' }).waitFor({ state: 'hidden' });
  const state = (await admin.send('GET', 'packs')).items.find(({ name }) => name === 'operations');
  check(state.installed_version === null, `operations is ${JSON.stringify(state)}`);
});
