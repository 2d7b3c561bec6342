import { createStore } from '@/shared/store';

/**
 * Who is signed in, as far as the browser knows.
 *
 * The token lasts minutes and is exchanged for the next, with a refresh token that is worth one use. Both are kept in
 * memory and in `sessionStorage`: a reload keeps them, a new tab gets them from one that is open (`tabs.ts`), and when
 * the last tab is closed no later visitor of a shared machine finds them, as they would in `localStorage`. Script that
 * is injected into the page could read either; the answer to that is the page's content security policy and a
 * short-lived token, not the choice of storage.
 */
export interface Session {
  /** `expired` keeps the screen: a dialog asks to sign in again over it. */
  status: 'signed-out' | 'active' | 'expired';
  token: string | null;
  email: string | null;
}

const KEY = 'session';
const SIGNED_OUT: Session = { status: 'signed-out', token: null, email: null };

/** How long before its end a token is exchanged, in milliseconds; a short-lived one in its last quarter. */
const LEAD = 60_000;
const TRY_AGAIN = 5_000;

/** What a tab holds of a session, and hands to the others. */
export interface Kept {
  token: string;
  email: string;
  expiresAt: number;
  /** When to exchange the token. */
  dueAt: number;
  refreshToken: string | null;
}

/** The other tabs, as far as the session needs them. */
export interface Tabs {
  /** The session began or was renewed here. */
  held: (held: Kept) => void;
  /** It was ended here. */
  ended: (email: string) => void;
  /** Does `work` in one tab at a time. */
  inTurn: (work: () => Promise<void>) => Promise<void>;
}

const ALONE: Tabs = { held: () => undefined, ended: () => undefined, inTurn: (work) => work() };

/** Exchanges a refresh token: starts the session anew, or expires it; rejects when nobody answered. */
type Renewal = (refreshToken: string) => Promise<void>;

function kept(): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

function keep(value: Kept | null): void {
  try {
    if (value) sessionStorage.setItem(KEY, JSON.stringify(value));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage may be forbidden: the session then lasts until the next reload.
  }
}

function restored(): Session {
  if (!current || (current.expiresAt <= Date.now() && !current.refreshToken)) return SIGNED_OUT;
  return { status: 'active', token: current.token, email: current.email };
}

let current = kept();
let tabs = ALONE;
let renewal: Renewal | null = null;
let renewing: Promise<void> | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const store = createStore<Session>(restored());

function wait(at: number): void {
  clearTimeout(timer);
  // setTimeout counts in 32 bits of milliseconds.
  timer = setTimeout(follow, Math.min(Math.max(at - Date.now(), 0), 2 ** 31 - 1));
}

/** Renews or ends the session when its time has come. */
function follow(): void {
  if (!current) return;
  const { token, refreshToken, expiresAt } = current;
  if (refreshToken && renewal) {
    void session.renew().then(() => current?.token === token && wait(Date.now() + TRY_AGAIN));
  } else if (expiresAt <= Date.now()) session.expire(token);
  else wait(expiresAt);
}

export const session = {
  get: store.get,
  subscribe: store.subscribe,

  /** `expiresIn` in seconds. */
  start(token: string, email: string, expiresIn: number, refreshToken: string | null = null): void {
    const expiresAt = Date.now() + expiresIn * 1000;
    const dueAt = refreshToken ? expiresAt - Math.min(LEAD, expiresIn * 250) : expiresAt;
    session.adopt({ token, email, expiresAt, dueAt, refreshToken });
    if (email) tabs.held({ token, email, expiresAt, dueAt, refreshToken });
  },

  /** Goes on with what another tab holds. */
  adopt(held: Kept): void {
    current = held;
    keep(held);
    wait(held.dueAt);
    store.set({ status: 'active', token: held.token, email: held.email });
  },

  /** What another tab needs to go on with the session; null without one. */
  held: (): Kept | null => (store.get().status === 'active' ? current : null),

  shareWith(others: Tabs): void {
    tabs = others;
  },

  /** How `renew` exchanges tokens. */
  renewWith(exchange: Renewal): void {
    renewal = exchange;
    if (current && store.get().token) wait(current.dueAt);
  },

  /** Whether the token is about to end and can be exchanged. */
  due(): boolean {
    return current?.refreshToken != null && renewal != null && current.dueAt <= Date.now();
  },

  /** Exchanges the token, once for all who ask at the same time. When nobody answers, the token stays. */
  renew(): Promise<void> {
    if (!current?.refreshToken || !renewal) return Promise.resolve();
    const exchange = renewal;
    const { refreshToken } = current;
    renewing ??= tabs
      // Another tab may have exchanged it while this one waited for its turn: a second use would end the session.
      .inTurn(async () => {
        if (current?.refreshToken === refreshToken) await exchange(refreshToken);
      })
      .catch(() => undefined)
      .finally(() => {
        renewing = null;
      });
    return renewing;
  },

  /** The server refused `token`. Ignored when another has replaced it since. */
  expire(token: string): void {
    if (store.get().token !== token) return;
    forget();
    store.set({ status: 'expired', token: null, email: store.get().email });
  },

  /** Ends the session here; gives the refresh token with which the server ends it, too. */
  end(): string | null {
    const { email } = store.get();
    if (email) tabs.ended(email);
    const refreshToken = current?.refreshToken ?? null;
    session.leave();
    return refreshToken;
  },

  /** Another tab has ended it. */
  leave(): void {
    forget();
    store.set(SIGNED_OUT);
  },
};

function forget(): void {
  clearTimeout(timer);
  current = null;
  keep(null);
}

if (current && store.get().token) wait(current.dueAt);
