// What screens need to have something to show, beyond what the simulator brings. Planted through the API, once.
import { until } from './browser.mjs';

/** An alert with an account behind it. */
export async function seed(api) {
  const alert = await until(
    async () => (await api.send('GET', 'alerts?status=open&limit=1')).items[0],
    'the simulation raised no alert',
    120_000,
  );
  return { alert };
}
