import { Api, claim, open, until } from '../harness.mjs';

/** Slower than one API takes to answer, so that a queue in front of it is not what is measured. */
const PACE_MS = 60;

/** Notes when each row first is in the page, by the clock that the poster uses too. */
function watchRows() {
  window.rows = {};
  new MutationObserver((changes) => {
    const now = Date.now();
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      const id = node.dataset?.eventId;
      if (!id) continue;
      window.rows[id] ??= now;
    }
  }).observe(document.body, { childList: true, subtree: true });
}

/** The id in every place of the list, of which only those in sight are in the page. */
async function everyRow(page) {
  const grid = page.getByRole('grid');
  const byIndex = new Map();
  for (let top = 0, end = 1; top < end; top += 300) {
    end = await grid.evaluate((element, y) => {
      element.scrollTop = y;
      return element.scrollHeight;
    }, top);
    await page.waitForTimeout(50);
    const present = await grid
      .locator('[data-event-id]')
      .evaluateAll((rows) => rows.map((row) => [row.ariaRowIndex, row.dataset.eventId]));
    for (const [index, id] of present) byIndex.set(index, id);
  }
  return [...byIndex.values()];
}

function summary(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

await claim(async ({ page, stack, options }) => {
  await open(page, stack, 'viewer');
  const api = await Api.as(stack, 'admin');
  await api.pay('latency-warm-up');
  await page.locator('[data-event-id]').first().waitFor();
  await page.evaluate(watchRows);

  const sent = new Map();
  const answers = [];
  for (let i = 0; i < options.events; i += 1) {
    const started = Date.now();
    sent.set(await api.pay(`latency-${i % 20}`), started);
    answers.push(Date.now() - started);
    await new Promise((go) => setTimeout(go, Math.max(0, started + PACE_MS - Date.now())));
  }
  const shown = () => page.evaluate(() => window.rows);
  const last = [...sent.keys()].at(-1);
  await until(async () => last in (await shown()), 'the last event never became a row');
  const rows = await shown();
  const listed = await everyRow(page);
  const latencies = [...sent].filter(([id]) => id in rows).map(([id, started]) => rows[id] - started);
  return {
    listed: listed.filter((id) => sent.has(id)).length,
    missing: [...sent.keys()].filter((id) => !listed.includes(id)).length,
    post_to_row_ms: summary(latencies),
    post_to_answer_ms: summary(answers),
  };
});
