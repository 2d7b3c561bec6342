import { Problem } from '@/shared/api/problem';
import type { Alert } from '@/shared/api/types';
import type { AlertUpdates } from '@/shared/stream/alertUpdates';
import { latest } from '../list/queue';
import { type Action, type BulkAction, claimNext, isBulk, send, sendBulk } from './actions';
import { type Undo, undoOn } from './undo';

/** What is asked of the server, one after the other. */
export type Task =
  | { type: 'act'; alerts: readonly Alert[]; action: Action }
  | { type: 'undo'; undo: Undo }
  | { type: 'next' };

export interface Changed {
  before: Alert;
  after: Alert;
}

/** An alert with which it could not be done, and what the server said. */
export interface Refused {
  alert: Alert;
  problem: Problem;
}

export interface Result {
  changed: readonly Changed[];
  refused: readonly Refused[];
}

/** Where alerts as they are now are kept. */
interface Alerts {
  get: () => AlertUpdates;
  put: (alerts: readonly Alert[]) => void;
}

const MOST_AT_ONCE = 100;
const REFUSALS = new Set([404, 409, 412, 428]);

/** Carries out a task. A refusal of single alerts is a result; anything else that goes wrong is thrown. */
export async function carryOut(task: Task, alerts: Alerts): Promise<Result> {
  switch (task.type) {
    case 'next': {
      const after = await claimNext();
      if (!after) return { changed: [], refused: [] };
      alerts.put([after]);
      return { changed: [{ before: { ...after, assignee: null }, after }], refused: [] };
    }
    case 'undo': {
      const { steps } = task.undo;
      return one(
        steps,
        alerts,
        ({ after }) => undoOn(after, latest(after, alerts.get())),
        (step) => step.actions,
      );
    }
    case 'act': {
      const { action } = task;
      if (task.alerts.length > 1 && isBulk(action)) {
        const before = new Map(task.alerts.map((each) => [each.id, latest(each, alerts.get())]));
        const changed: Changed[] = [];
        const refused: Refused[] = [];
        const items = await bulk([...before.keys()], action);
        alerts.put(items.flatMap(({ alert }) => (alert ? [alert] : [])));
        for (const { id, alert: after, detail, status } of items) {
          const was = before.get(id);
          if (!was) continue;
          if (after) changed.push({ before: was, after });
          else {
            const code = status === 'conflict' ? 409 : 404;
            refused.push({ alert: was, problem: new Problem(code, 'Not done', detail ?? '') });
          }
        }
        return { changed, refused };
      }
      return one(
        task.alerts,
        alerts,
        (each) => latest(each, alerts.get()),
        () => [action],
      );
    }
  }
}

/** What became of each, asked a hundred at a time, which is what the server takes. */
async function bulk(ids: string[], action: BulkAction) {
  const results: Awaited<ReturnType<typeof sendBulk>>['items'] = [];
  for (let from = 0; from < ids.length; from += MOST_AT_ONCE)
    results.push(...(await sendBulk(ids.slice(from, from + MOST_AT_ONCE), action)).items);
  return results;
}

async function one<Each>(
  all: readonly Each[],
  alerts: Alerts,
  start: (each: Each) => Alert,
  actions: (each: Each) => readonly Action[],
): Promise<Result> {
  const changed: Changed[] = [];
  const refused: Refused[] = [];
  for (const each of all) {
    const before = start(each);
    let after = before;
    try {
      for (const action of actions(each)) {
        after = await send(after, action);
        alerts.put([after]);
      }
      changed.push({ before, after });
    } catch (error) {
      if (!(error instanceof Problem) || !REFUSALS.has(error.status)) throw error;
      refused.push({ alert: before, problem: error });
    }
  }
  return { changed, refused };
}
