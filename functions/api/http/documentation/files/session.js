// Takes over the session of the dashboard's tabs, as its own new tabs do (frontend/src/shared/session/tabs.ts): through a
// channel of this origin, written nowhere. A token that a tab exchanges is taken over, too.
const NAME = 'risk-session';
const PATIENCE_MS = 2_000;

/** Calls `held({ token, email })` with each token of the session that was asked for, and `ended()` when it ends. */
export function followSession({ held, ended }) {
  const channel = new BroadcastChannel(NAME);
  let email = null;
  let answered = null;
  channel.onmessage = ({ data }) => {
    if (data.type === 'held' && (answered || data.held.email === email)) {
      email = data.held.email;
      held(data.held);
      answered?.(true);
    } else if (data.type === 'ended' && data.email === email) {
      email = null;
      ended();
    }
  };
  /** Whether a tab answered with its session. */
  return async function join() {
    const answer = new Promise((resolve) => {
      answered = resolve;
    });
    channel.postMessage({ type: 'asked' });
    const found = await Promise.race([answer, new Promise((go) => setTimeout(go, PATIENCE_MS, false))]);
    answered = null;
    return found;
  };
}
