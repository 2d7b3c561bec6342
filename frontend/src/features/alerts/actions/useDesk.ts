import { useMutation, useMutationState, useQueryClient } from '@tanstack/react-query';
import { useReducer, useState } from 'react';
import type { Alert } from '@/shared/api/types';
import { session } from '@/shared/session/store';
import { useStream } from '@/shared/stream/StreamProvider';
import { announce } from '@/shared/ui/notices/Announcer';
import { alertKey, fetchAlert } from '../panel/useAlert';
import { done, ofAlerts } from '../words';
import type { Action } from './actions';
import { type Changed, carryOut, type Task } from './carryOut';
import { type Outcome, outcomeOf } from './outcome';
import { inverse, type Undo, undoReducer } from './undo';

const KEY = ['alert-action'];

interface Handlers {
  /** The server has agreed to `action`, or to its undoing, or has given the next alert. */
  onDone: (changed: readonly Changed[], task: Task) => void;
}

/**
 * What is done with alerts. Tasks are carried out one after the other, in the order of the keys: one pressed while
 * the last is under way is not lost. A refusal is no error: it says what happened instead.
 */
export function useDesk({ onDone }: Handlers) {
  const stream = useStream();
  const cache = useQueryClient();
  const [stack, dispatch] = useReducer(undoReducer, []);
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  const told = (next: Outcome): void => {
    setOutcome(next);
    announce([next.text, ...next.refusals.map((each) => each.text)].filter(Boolean).join('. '));
  };
  const mutation = useMutation({
    mutationKey: KEY,
    scope: { id: 'alert-action' },
    mutationFn: (task: Task) => carryOut(task, stream.alerts),
  });
  const run = async (task: Task): Promise<void> => {
    try {
      const result = await mutation.mutateAsync(task);
      const undo = task.type === 'undo' ? null : undoOf(task, result.changed);
      if (undo) dispatch({ type: 'did', undo });
      // Of what was refused, the reader is shown how it stands now, and who made it so.
      const details = await Promise.all(
        result.refused.slice(0, 5).map(({ alert }) => fetchAlert(alert.id).catch(() => null)),
      );
      for (const detail of details) {
        if (!detail) continue;
        cache.setQueryData(alertKey(detail.id), detail);
        stream.alerts.put([detail]);
      }
      told(outcomeOf(task, result, details, undo, session.get().email));
      if (result.changed.length > 0) onDone(result.changed, task);
    } catch (error) {
      told({ text: '', undo: null, refusals: [], error: error as Error, task });
    }
    void cache.invalidateQueries({ queryKey: ['alert-stats'] });
  };
  return {
    outcome,
    dismiss: () => setOutcome(null),
    act: (alerts: readonly Alert[], action: Action) => {
      if (alerts.length > 0) void run({ type: 'act', alerts, action });
    },
    claimNext: () => void run({ type: 'next' }),
    undoable: stack[0] ?? null,
    undo: () => {
      const [last] = stack;
      if (!last) return;
      dispatch({ type: 'undone', undo: last });
      void run({ type: 'undo', undo: last });
    },
    again: () => {
      if (outcome) void run(outcome.task);
    },
  };
}

function undoOf(task: Task, changed: readonly Changed[]): Undo | null {
  if (task.type === 'undo') return null;
  const action: Action = task.type === 'next' ? { kind: 'assign', assignee: 'me' } : task.action;
  const now = Date.now();
  const steps = changed.flatMap(({ before, after }) => {
    const actions = inverse(action, before, after, now);
    return actions.length > 0 ? [{ after, actions }] : [];
  });
  const of = ofAlerts(changed.map(({ after }) => after));
  return steps.length > 0 ? { what: `${done(action)}: ${of}`, steps } : null;
}

/** What has been asked of the server and not been answered, by alert. */
export function usePendingActions(): ReadonlyMap<string, Action['kind']> {
  const tasks = useMutationState({
    filters: { mutationKey: KEY, status: 'pending' },
    select: (mutation) => mutation.state.variables as Task,
  });
  return new Map(
    tasks.flatMap((task) => {
      if (task.type === 'act') return task.alerts.map(({ id }) => [id, task.action.kind] as const);
      if (task.type === 'undo') return task.undo.steps.map(({ after }) => [after.id, 'undo'] as const);
      return [];
    }),
  );
}
