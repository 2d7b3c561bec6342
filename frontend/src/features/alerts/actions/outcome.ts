import type { Alert, AlertDetail } from '@/shared/api/types';
import { plural } from '@/shared/format/number';
import { alertName, done, happened, ofAlerts } from '../words';
import type { Result, Task } from './carryOut';
import type { Undo } from './undo';

/** What is said of the last thing done. */
export interface Outcome {
  text: string;
  undo: Undo | null;
  /** Of each alert with which it could not be done. */
  refusals: readonly { id: string; account: string; text: string }[];
  /** That the server did not answer, or answered nothing useful. */
  error: Error | null;
  /** To be tried again. */
  task: Task;
}

const CHANGED = 412;
const INSIST = 'Shown is how it stands now; do it again if you still mean to.';

/** What to say of `result`; `details` are refused alerts as they are now, of the first few. */
export function outcomeOf(
  task: Task,
  { changed, refused }: Result,
  details: readonly (AlertDetail | null)[],
  undo: Undo | null,
  me: string | null,
): Outcome {
  const now = new Map(details.flatMap((detail) => (detail ? [[detail.id, detail] as const] : [])));
  const refusals = refused.map(({ alert, problem }) => {
    const last = now.get(alert.id)?.timeline.at(-1);
    const instead = last && last.version > alert.version ? `${happened(last, me)} first. ` : '';
    // That versions differ is for programs: people are told by whom, and that they may insist.
    const why = instead && problem.status === CHANGED ? INSIST : said(problem.detail);
    return { id: alert.id, account: alertName(alert), text: instead + why };
  });
  return {
    text: textOf(
      task,
      changed.map(({ after }) => after),
    ),
    undo,
    refusals,
    error: null,
    task,
  };
}

const said = (detail: string): string => detail.charAt(0).toUpperCase() + detail.slice(1);

function textOf(task: Task, after: readonly Alert[]): string {
  if (task.type === 'next')
    return after.length > 0 ? `Yours now: ${ofAlerts(after)}` : 'Nothing is left unassigned';
  if (after.length === 0) return '';
  if (task.type === 'undo') return `Undone: ${task.undo.what}`;
  return task.alerts.length > 1
    ? `${done(task.action)}: ${after.length} of ${plural(task.alerts.length, 'alert')}`
    : `${done(task.action)}: ${ofAlerts(after)}`;
}
