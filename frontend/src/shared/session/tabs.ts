import { type Kept, session } from './store';

/**
 * One session in all tabs. What it needs goes from tab to tab through a channel of this origin and is written nowhere;
 * the browser's locks say whether there is anybody to ask, and let one tab at a time exchange the refresh token, which
 * is worth one use. Without locks (a page that is not served securely) each tab has its own session.
 */
type Message = { type: 'asked' } | { type: 'held'; held: Kept } | { type: 'ended'; email: string };

const NAME = 'risk-session';
const TURN = `${NAME}-renewal`;
/** Longer than a tab in the background takes to answer; nobody waits when there is no such tab. */
const PATIENCE_MS = 2_000;
/** How long a turn goes on after a renewal, so that the next tab has heard of it before its own turn comes. */
const HEARD_MS = 100;

const pause = (ms: number) => new Promise<void>((go) => setTimeout(go, ms));

let channel: BroadcastChannel | null = null;
let answered: (() => void) | null = null;

/** Starts to share the session with the other tabs. */
export function shareSession(): void {
  if (!('locks' in navigator) || !('BroadcastChannel' in globalThis)) return;
  const opened = new BroadcastChannel(NAME);
  channel = opened;
  const say = (message: Message) => opened.postMessage(message);
  opened.onmessage = ({ data }: MessageEvent<Message>) => hear(data, say);
  session.shareWith({
    held: (held) => say({ type: 'held', held }),
    ended: (email) => say({ type: 'ended', email }),
    inTurn: (work) =>
      new Promise((resolve, reject) => {
        const turn = () =>
          work()
            .then(resolve, reject)
            .then(() => pause(HEARD_MS));
        navigator.locks.request(TURN, turn).catch(reject);
      }),
  });
  session.subscribe(beKnown);
  beKnown();
}

function hear(message: Message, say: (message: Message) => void): void {
  switch (message.type) {
    case 'asked': {
      const held = session.held();
      if (held) say({ type: 'held', held });
      return;
    }
    case 'held':
      // Another person's session is theirs: it takes over no tab but one that has asked.
      if (!answered && session.get().email !== message.held.email) return;
      if (session.held()?.token !== message.held.token) session.adopt(message.held);
      answered?.();
      return;
    case 'ended':
      if (session.get().email === message.email) session.leave();
  }
}

let known: (() => void) | null = null;

/** Holds a lock as long as this tab has a session: who looks at the locks knows that it can be asked. */
function beKnown(): void {
  const active = session.get().status === 'active';
  if (active && !known) {
    const held = new Promise<void>((release) => {
      known = release;
    });
    void navigator.locks.request(NAME, { mode: 'shared' }, () => held);
  } else if (!active && known) {
    known();
    known = null;
  }
}

/** Goes on with the session of another tab, if one has it. */
export async function joinSession(): Promise<void> {
  if (!channel || session.get().status !== 'signed-out') return;
  const { held } = await navigator.locks.query();
  if (!held?.some(({ name }) => name === NAME)) return;
  const answer = new Promise<void>((resolve) => {
    answered = resolve;
  });
  channel.postMessage({ type: 'asked' } satisfies Message);
  await Promise.race([answer, pause(PATIENCE_MS)]);
  answered = null;
}
