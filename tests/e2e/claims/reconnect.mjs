import { Api, check, claim, open, until } from '../harness.mjs';

/** Notes, in the page itself, what the badge says and when a new connection is asked for, in order. */
function watchConnection() {
  window.happened = [];
  const { fetch } = window;
  window.fetch = (...asked) => {
    if (String(asked[0]?.url ?? asked[0]).includes('ws-ticket')) window.happened.push('asked');
    return fetch(...asked);
  };
  new MutationObserver((changes) => {
    for (const { target } of changes) window.happened.push(target.dataset.connection);
  }).observe(document, { subtree: true, attributeFilter: ['data-connection'] });
}

/** The counts of the last hour as the screen shows them, by level. */
async function shown(page) {
  const figures = await page
    .locator('main dl > div')
    .evaluateAll((boxes) => boxes.map((box) => box.innerText.split('\n')));
  return Object.fromEntries(
    figures.slice(0, 4).map(([level, value]) => [level.toUpperCase(), Number(value.replaceAll(',', ''))]),
  );
}

const sum = (counts) => Object.values(counts).reduce((a, b) => a + b, 0);
const same = (a, b) => ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'].every((level) => a[level] === b[level]);

await claim(
  async ({ page, stack, options }) => {
    const sockets = new Set();
    let dead = false;
    await page.routeWebSocket(/ws\/risk-stream/, (socket) => {
      const server = socket.connectToServer();
      sockets.add(() => Promise.all([server.close(), socket.close({ code: 1011 })]));
    });
    await page.route('**/api/v1/auth/ws-ticket', (route) => (dead ? route.abort() : route.continue()));
    await page.addInitScript(watchConnection);
    await open(page, stack, 'viewer');
    const api = await Api.as(stack, 'admin');
    const stored = async () => (await api.send('GET', 'risk/stats?minutes=60')).by_level;
    const before = await api.pay('reconnect-1');
    await page.locator(`[data-event-id="${before}"]`).waitFor();
    await until(
      async () => same(await shown(page), await stored()),
      'the counts differ before anything happened',
    );

    dead = true;
    await page.evaluate(() => {
      window.happened = [];
    });
    for (const kill of sockets) await kill();
    await page.locator('[data-connection="reconnecting"], [data-connection="offline"]').waitFor();
    const [first] = await page.evaluate(() => window.happened);
    check(
      first === 'reconnecting',
      `at first it was "${first}": the screen tried again before it said anything`,
    );
    await page.getByText(/data is \d+ s old/).waitFor();
    await page.getByText(/Not live/).waitFor();

    const during = [];
    for (let i = 0; i < options.events; i += 1) during.push(await api.pay(`reconnect-${i % 5}`));
    const last = `risk/${during.at(-1)}`;
    await until(() => api.send('GET', last).catch(() => null), 'the last event was never scored');
    const [old, now] = [await shown(page), await stored()];
    check(sum(now) - sum(old) === options.events, `cut off, it shows ${sum(old)} of ${sum(now)}`);

    // Until the engine has said its last word on them: from here on only asking can tell what was missed.
    await page.waitForTimeout(options.quiet_ms);
    dead = false;
    await page
      .getByRole('button', { name: 'Retry' })
      .click({ timeout: 1_000 })
      .catch(() => undefined);
    await page.locator('[data-connection="connected"]').waitFor();
    await page.locator(`[data-event-id="${during.at(-1)}"]`).waitFor();
    await until(
      async () => same(await shown(page), await stored()),
      'the counts differ from the API’s after the return',
    );
    return { missed: options.events, counts: await shown(page) };
  },
  { expectErrors: true },
);
