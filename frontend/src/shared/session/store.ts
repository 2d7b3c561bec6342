import { createStore } from '@/shared/store';

/**
 * Who is signed in, as far as the browser knows.
 *
 * The token is kept in memory and in `sessionStorage`: a reload keeps it, closing the tab forgets it, and no
 * other tab or later visitor of a shared machine finds it, as they would in `localStorage`. Script that is
 * injected into the page could read either; the answer to that is the page's content security policy and a
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

interface Kept {
  token: string;
  email: string;
  expiresAt: number;
}

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
  const found = kept();
  if (!found || found.expiresAt <= Date.now()) return SIGNED_OUT;
  return { status: 'active', token: found.token, email: found.email };
}

const store = createStore<Session>(restored());
let expiry: ReturnType<typeof setTimeout> | undefined;

function expireAt(token: string, at: number): void {
  clearTimeout(expiry);
  // setTimeout counts in 32 bits of milliseconds.
  expiry = setTimeout(() => session.expire(token), Math.min(at - Date.now(), 2 ** 31 - 1));
}

export const session = {
  get: store.get,
  subscribe: store.subscribe,

  /** `expiresIn` in seconds. */
  start(token: string, email: string, expiresIn: number): void {
    const expiresAt = Date.now() + expiresIn * 1000;
    keep({ token, email, expiresAt });
    expireAt(token, expiresAt);
    store.set({ status: 'active', token, email });
  },

  /** The server refused `token`. Ignored when another has replaced it since. */
  expire(token: string): void {
    if (store.get().token !== token) return;
    keep(null);
    store.set({ status: 'expired', token: null, email: store.get().email });
  },

  end(): void {
    clearTimeout(expiry);
    keep(null);
    store.set(SIGNED_OUT);
  },
};

const found = kept();
if (found && store.get().token) expireAt(found.token, found.expiresAt);
