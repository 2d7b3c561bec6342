import { SCREENS, show } from '../../../infra/browser/screens.mjs';
import { Api, claim, open } from '../harness.mjs';

/** Adds up how much of the page jumped, and by how far, without anybody having touched it. */
function watchShifts() {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) {
      if (!shift.hadRecentInput)
        window.shifts.push({
          value: shift.value,
          what: shift.sources.map(({ node }) => node?.outerHTML?.slice(0, 120)),
        });
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

await claim(async ({ page, stack, options }) => {
  const api = await Api.as(stack, 'admin');
  await api.pay('first-paint-1');
  const alert = await api.raiseAlert(`first-paint-${Date.now()}`);
  await page.addInitScript(watchShifts);
  await open(page, stack, 'analyst');
  const screens = [];
  for (const screen of SCREENS.filter(({ name }) => options.screens.includes(name))) {
    await show(page, stack, screen, { alert });
    await page.waitForTimeout(options.settle_ms);
    screens.push({
      screen: screen.name,
      ...(await page.evaluate(() => ({
        painted_ms: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
        ready_ms: performance.now(),
        shift: window.shifts.reduce((sum, { value }) => sum + value, 0),
        shifts: window.shifts,
      }))),
    });
  }
  return { screens };
});
