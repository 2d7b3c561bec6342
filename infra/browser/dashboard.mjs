// Measures the Live screen: idle, then while a simulation runs. Frames and heap are those of the browser's own trace.
import { spawn } from 'node:child_process';
import { Api, check, given, launch, newPage, open, until } from './browser.mjs';

const IDLE_SECONDS = 10;
const PART_SECONDS = 25;
const CATEGORIES = ['disabled-by-default-devtools.timeline.frame', 'disabled-by-default-devtools.timeline'];
const LEVELS = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];
const DRAIN_MS = 180_000;

/** Something to draw at every frame, so that a frame that is not drawn is one that the page had no time for. */
function keepDrawing() {
  const mark = document.body.appendChild(document.createElement('i'));
  mark.style.cssText = 'position:fixed;right:0;bottom:0;width:2px;height:2px;background:currentColor';
  let turn = 0;
  const next = () => {
    mark.style.opacity = String(0.5 + (turn++ % 2) / 2);
    requestAnimationFrame(next);
  };
  next();
}

/** The times of the frames drawn, and seconds of the processor that the main thread used, over so many seconds. */
async function trace(browser, page, session, seconds) {
  await browser.startTracing(page, { categories: CATEGORIES });
  const before = await spent(session);
  await page.waitForTimeout(seconds * 1000);
  const busy = (await spent(session)) - before;
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const frames = traceEvents.filter(({ name }) => name === 'DrawFrame').map(({ ts }) => ts / 1e6);
  check(frames.length > 1, 'the trace has no frames');
  return { seconds, busy, frames: frames.sort((a, b) => a - b) };
}

/** Frames a second, and how much of a processor the main thread uses, over what was traced. */
function rates(traces) {
  const sum = (of) => traces.reduce((total, one) => total + of(one), 0);
  const whole = traces.flatMap(({ frames }) => perSecond(frames)).sort((a, b) => a - b);
  const gaps = traces.flatMap(({ frames }) => frames.slice(1).map((at, i) => (at - frames[i]) * 1000));
  return {
    frames: sum(({ frames }) => frames.length),
    frames_per_second: gaps.length / sum(({ frames }) => frames.at(-1) - frames[0]),
    worst_second: whole[0],
    worst_twentieth: whole[Math.floor(whole.length / 20)],
    longest_gap_ms: Math.max(...gaps),
    main_thread_share: sum(({ busy }) => busy) / sum(({ seconds }) => seconds),
  };
}

/** How many frames each whole second has. */
function perSecond(frames) {
  const counts = Array(Math.floor(frames.at(-1) - frames[0])).fill(0);
  for (const at of frames) {
    const second = Math.floor(at - frames[0]);
    if (second < counts.length) counts[second] += 1;
  }
  return counts;
}

/** Seconds of the processor that the page's main thread has used, whatever else the machine was doing. */
async function spent(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value;
}

/** The heap in use once all that can go is gone, in MB. */
async function heap(session) {
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize / 1e6;
}

/** Runs the simulation; gives the last line it prints, as JSON. */
function simulate({ command, env, cwd }) {
  const child = spawn(command[0], command.slice(1), {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (part) => {
    said += part;
  });
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('exit', (code) =>
      code === 0
        ? done(JSON.parse(said.trim().split('\n').at(-1)))
        : failed(new Error(`the simulation ended with ${code}`)),
    );
  });
}

/** The counts of the last hour as the screen shows them. */
async function shown(page) {
  const figures = await page
    .locator('main dl > div')
    .evaluateAll((boxes) => boxes.map((box) => box.innerText.split('\n')));
  return Object.fromEntries(
    figures.slice(0, 4).map(([level, value]) => [level.toUpperCase(), Number(value.replaceAll(',', ''))]),
  );
}

const { stack, seconds, simulation } = await given();
const browser = await launch();
try {
  const page = await newPage(browser);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await open(page, stack, 'viewer');
  await page.evaluate(keepDrawing);
  await page.waitForTimeout(3_000);
  const idle = rates([await trace(browser, page, session, IDLE_SECONDS)]);

  const api = await Api.as(stack, 'viewer');
  const stored = async () => (await api.send('GET', 'risk/stats?minutes=60')).by_level;
  const total = (counts) => LEVELS.reduce((sum, level) => sum + counts[level], 0);
  const before = total(await stored());
  const running = simulate(simulation);
  running.catch(() => undefined);
  await page.locator('[data-event-id]').first().waitFor();
  await page.waitForTimeout(5_000);
  // In parts: a trace is one string, which has a greatest length. Between them the heap is taken.
  const [traces, heaps] = [[], [await heap(session)]];
  for (let left = seconds - 10; left > 0; left -= PART_SECONDS) {
    traces.push(await trace(browser, page, session, Math.min(PART_SECONDS, left)));
    heaps.push(await heap(session));
  }
  const { events } = await running;

  // What was sent is scored, and what is scored is counted: in the API, and on the screen.
  await until(
    async () => total(await stored()) - before >= events,
    'not everything that was sent was scored',
    DRAIN_MS,
  );
  const agree = async () => {
    const [api, screen] = [await stored(), await shown(page)];
    return LEVELS.every((level) => api[level] === screen[level]);
  };
  const agreed = await until(agree, 'the counts of the screen are not the API’s', 90_000).catch(() => false);
  const report = {
    idle,
    loaded: rates(traces),
    heap_mb: heaps,
    sent: events,
    counted: total(await stored()) - before,
    shown: total(await shown(page)) - before,
    agreed,
  };
  console.log(JSON.stringify(report));
} finally {
  await browser.close();
}
