// What screens need to have something to show, beyond what the simulator brings. Planted through the API, once.
import { until } from './browser.mjs';

const RULES = [
  {
    name: 'large_and_fast',
    expression: 'event.amount > 500.0 && features.count_1h >= 3.0',
    points: 1.5,
    reason_text: '{amount} {currency} after {features.count_1h:.0f} events within an hour',
    owner: 'payments team',
    description: 'Large amounts in quick succession.',
  },
  {
    name: 'stolen_device',
    expression: 'in_list("stolen_devices", event.device_id)',
    min_level: 'HIGH',
    reason_text: 'The device is reported stolen',
    owner: 'fraud desk',
    description: 'Nothing from such a device passes unseen.',
  },
];
const LIST = {
  name: 'stolen_devices',
  purpose: 'deny',
  subject: 'device',
  description: 'Reported by their owners, or found in takeovers.',
};
const ENTRIES = ['dev-5b1c09a4e7f2', 'dev-0d7741c3aa18', 'dev-e92f6b30571d'];

/** An open dead letter: an event that came twice at the same time. */
async function deadLetter(api) {
  const { items } = await api.send('GET', 'dead-letters?limit=1');
  if (items.length > 0) return items[0];
  const twice = { event_id: crypto.randomUUID(), occurred_at: new Date().toISOString() };
  await Promise.all(['7.10', '7.20'].map((amount) => api.pay('hasty-sender', amount, twice))).catch(() => undefined);
  return undefined;
}

/** An alert with an account behind it; a list, rules of which one runs in shadow, and a dead letter. */
export async function seed(api) {
  const lists = await api.send('GET', 'lists');
  if (!lists.items.some(({ name }) => name === LIST.name)) {
    await api.send('POST', 'lists', LIST);
    const items = ENTRIES.map((value) => ({ value }));
    await api.send('POST', `lists/${LIST.name}/entries`, { items, reason: 'reported by telephone' });
  }
  const rules = await api.send('GET', 'rules');
  for (const rule of RULES.filter(({ name }) => !rules.items.some((each) => each.name === name))) {
    const { id } = await api.send('POST', 'rules', rule);
    if (rule.points) {
      await api.send('POST', `rules/${id}/transition`, { to: 'shadow', reason: 'to see how often it hits' });
    }
  }
  const alert = await until(
    async () => (await api.send('GET', 'alerts?status=open&limit=1')).items[0],
    'the simulation raised no alert',
    120_000,
  );
  const letter = await until(() => deadLetter(api), 'no record became a dead letter', 60_000);
  return { alert, letter };
}
