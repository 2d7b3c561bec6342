// What every claim starts with: a browser, a signed-in page, and the API of the stack under test.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../frontend/package.json', import.meta.url));
const { default: binary } = await import(require.resolve('@sparticuz/chromium'));
const { chromium } = require('playwright-core');

const PATIENCE = 30_000;

/** Throws `message` unless `condition` holds. */
export function check(condition, message) {
  if (!condition) throw new Error(message);
}

/** Waits until `probe` gives something true, and gives that. */
export async function until(probe, message) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await new Promise((go) => setTimeout(go, 100))) {
    const found = await probe();
    if (found) return found;
  }
  throw new Error(`waited ${PATIENCE / 1000} s: ${message}`);
}

/** The REST API, as one of the demo users. */
export class Api {
  #base;
  #token;

  static async as(stack, role) {
    const api = new Api();
    api.#base = `${stack.url}/api/v1/`;
    api.#token = (await api.send('POST', 'auth/login', stack.users[role])).access_token;
    return api;
  }

  async send(method, path, body) {
    const headers = {
      'content-type': 'application/json',
      ...(this.#token && { authorization: `Bearer ${this.#token}` }),
    };
    const response = await fetch(this.#base + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    check(response.ok, `${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text);
  }

  /** Posts a payment of `account`; gives its id. */
  async pay(account, amount = '19.90') {
    const event = {
      event_type: 'payment',
      occurred_at: new Date().toISOString(),
      account_id: account,
      counterparty_id: 'shop-1',
      amount,
      currency: 'EUR',
      country: 'DE',
    };
    return (await this.send('POST', 'events', event)).event_id;
  }

  /** Changes the thresholds, and waits until the engine scores by the new ones. */
  async #setThresholds(thresholds) {
    const { alert_policy } = await this.send('GET', 'config');
    const { version } = await this.send('PUT', 'config', {
      thresholds,
      alert_policy,
      reason: 'browser test',
    });
    await until(async () => {
      const probe = await this.pay('probe');
      const scored = await until(
        () => this.send('GET', `risk/${probe}`).catch(() => null),
        'a probe was never scored',
      );
      return scored.config_version >= version;
    }, `the engine never took configuration ${version}`);
  }

  /** An open alert of one event, on an account of its own: for a moment every event is CRITICAL. */
  async raiseAlert(account) {
    const { thresholds } = await this.send('GET', 'config');
    await this.#setThresholds({ low: 1e-9, medium: 2e-9, high: 3e-9 });
    try {
      await this.pay(account);
      const path = `alerts?account_id=${account}`;
      return await until(
        async () => (await this.send('GET', path)).items[0],
        'a critical event raised no alert',
      );
    } finally {
      await this.#setThresholds(thresholds);
    }
  }
}

/** Fills and sends the form that is on the page. */
export async function signIn(page, { email, password }) {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Opens `path` as `role`, connected, with the pointer out of the way. */
export async function open(page, stack, role, path = '/live') {
  await page.goto(stack.url + path);
  await signIn(page, stack.users[role]);
  await page.locator('[data-connection="connected"]').waitFor();
  await page.mouse.move(0, 0);
}

async function read(stream) {
  let text = '';
  for await (const part of stream) text += part;
  return text;
}

/**
 * Runs a claim: `body({ page, stack, options })` in a new browser. What it returns is the report, printed as one
 * line of JSON; what it throws fails the test, with a screenshot. Errors in the page's console fail it as well.
 */
export async function claim(body, { viewport = { width: 1440, height: 900 }, expectErrors = false } = {}) {
  const { stack, options, screenshot } = JSON.parse(await read(process.stdin));
  const browser = await chromium.launch({
    executablePath: await binary.executablePath(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage({
    viewport: options.width ? { width: options.width, height: 844 } : viewport,
    colorScheme: options.scheme ?? 'light',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  });
  page.setDefaultTimeout(PATIENCE);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  try {
    const report = (await body({ page, stack, options })) ?? {};
    check(expectErrors || complaints.length === 0, `the page complained: ${complaints.join('\n')}`);
    console.log(JSON.stringify(report));
  } catch (error) {
    await page.screenshot({ path: screenshot }).catch(() => undefined);
    console.error(
      `${error.stack}\nscreenshot: ${screenshot}\npage: ${page.url()}\nconsole: ${complaints.join('\n')}`,
    );
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}
