// A real browser in front of a stack that runs: what screenshots, measurements and the browser tests start with.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../frontend/package.json', import.meta.url));
const { default: binary } = await import(require.resolve('@sparticuz/chromium'));
const { chromium } = require('playwright-core');

export const PATIENCE = 30_000;

/** Throws `message` unless `condition` holds. */
export function check(condition, message) {
  if (!condition) throw new Error(message);
}

/** Waits until `probe` gives something true, and gives that. */
export async function until(probe, message, patience = PATIENCE) {
  for (const end = Date.now() + patience; Date.now() < end; await new Promise((go) => setTimeout(go, 100))) {
    const found = await probe();
    if (found) return found;
  }
  throw new Error(`waited ${patience / 1000} s: ${message}`);
}

export async function launch() {
  return chromium.launch({
    executablePath: await binary.executablePath(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
}

/** A page that looks the same wherever it is opened; its context can open more tabs of the same person. */
export async function newPage(browser, { viewport = { width: 1440, height: 900 }, scheme = 'light' } = {}) {
  const context = await browser.newContext({
    viewport,
    colorScheme: scheme,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.on('close', () => context.close().catch(() => undefined));
  return page;
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
    return text && JSON.parse(text);
  }

  /** Posts a payment of `account`; gives its id. */
  async pay(account, amount = '19.90', part = {}) {
    const event = {
      event_type: 'payment',
      occurred_at: new Date().toISOString(),
      account_id: account,
      counterparty_id: 'shop-1',
      amount,
      currency: 'EUR',
      country: 'DE',
      ...part,
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

  /** An open alert of one event on each of these accounts: for a moment every event is CRITICAL. */
  async raiseAlerts(accounts, part = {}) {
    const { thresholds } = await this.send('GET', 'config');
    await this.#setThresholds({ low: 1e-9, medium: 2e-9, high: 3e-9 });
    try {
      // At a counterparty each: many accounts at one would be one campaign.
      for (const account of accounts)
        await this.pay(account, part.amount, { counterparty_id: `store-${crypto.randomUUID()}`, ...part });
      const raised = async (account) => (await this.send('GET', `alerts?account_id=${account}`)).items[0];
      const alerts = [];
      for (const account of accounts)
        alerts.push(await until(() => raised(account), 'a critical event raised no alert'));
      return alerts;
    } finally {
      await this.#setThresholds(thresholds);
    }
  }

  async raiseAlert(account, part = {}) {
    return (await this.raiseAlerts([account], part))[0];
  }
}

/** Fills and sends the form that is on the page. */
export async function signIn(page, { email, password }) {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Leaves by the account menu. */
export async function signOut(page) {
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
}

/** Opens `path` as `role`, connected, with the pointer out of the way. */
export async function open(page, stack, role, path = '/live') {
  await page.goto(stack.url + path);
  await signIn(page, stack.users[role]);
  await page.locator('[data-connection="connected"]').waitFor();
  await page.mouse.move(0, 0);
}

/** What the program was given on its standard input. */
export async function given() {
  let text = '';
  for await (const part of process.stdin) text += part;
  return JSON.parse(text);
}
