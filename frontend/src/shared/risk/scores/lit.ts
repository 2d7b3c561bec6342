import { createStore } from '@/shared/store';

/** What of an event is pointed out: fields and features by name. */
export interface Lit {
  fields: ReadonlySet<string>;
  features: ReadonlySet<string>;
}

export const UNLIT: Lit = { fields: new Set(), features: new Set() };

/** What something that has the focus, or is under the pointer, reads of the event that is shown. */
export const lit = createStore<Lit>(UNLIT);

/** Fields of rules that are made of another, which is the one shown. */
const SHOWN_AS: Record<string, string> = { hour: 'occurred_at', weekday: 'occurred_at' };

export const light = (fields: readonly string[], features: readonly string[]): void =>
  lit.set({ fields: new Set(fields.map((name) => SHOWN_AS[name] ?? name)), features: new Set(features) });

export const unlight = (): void => lit.set(UNLIT);

/** Beside the colour there is a bar: colour is never the only sign. */
export const LIT = 'bg-accent-wash shadow-[inset_2px_0_0] shadow-accent';
