import Button from '@mui/material/Button';
import { lazy, Suspense, useState } from 'react';
import type { Tagged } from '@/shared/api/client';
import type { RuleDetail } from '@/shared/api/types';
import { session } from '@/shared/session/store';
import { useMay } from '@/shared/session/useMay';
import { useStore } from '@/shared/store';
import { announce } from '@/shared/ui/notices/Announcer';
import { Refused } from '@/shared/ui/notices/Refused';
import { type Move, moves, needsAnother } from './versions/moves';
import { useMoveRule } from './versions/useMoveRule';
import { useRollBackRule } from './versions/useRollBackRule';
import { stageWords } from './words';

const STALE =
  'The rule has been changed since you opened it. You see it as it is now. If you still want to, do it again.';
const MoveDialog = lazy(() => import('./versions/MoveDialog'));

/** Moves a rule through its life, for those who may. */
export function RuleActions({ data: rule, etag }: Tagged<RuleDetail>) {
  const { email } = useStore(session);
  const mayPromote = useMay('rules:promote');
  const [asked, setAsked] = useState<Move | 'back' | null>(null);
  const move = useMoveRule(rule.id, etag);
  const back = useRollBackRule(rule.id, etag);
  const done = {
    onSuccess: ({ data }: Tagged<RuleDetail>) => announce(`${data.name}: ${stageWords(data)}`),
    onSettled: () => setAsked(null),
  };
  if (!mayPromote) {
    return <p className="text-xs text-faint">Administrators move it from draft to shadow to live.</p>;
  }
  const possible = moves(rule);
  const own = possible.find((each) => needsAnother(rule, each, email));
  const again = rule.stages[0]?.back_to != null;
  return (
    <div>
      <Refused error={move.error ?? back.error} stale={STALE} />
      <div className="flex flex-wrap items-center gap-2">
        {possible.map((each, i) => (
          <Button
            key={each.name}
            variant={i === 0 ? 'contained' : 'outlined'}
            disabled={needsAnother(rule, each, email)}
            onClick={() => {
              move.reset();
              back.reset();
              setAsked(each);
            }}
          >
            {each.name}…
          </Button>
        ))}
        {again && (
          <Button color="inherit" onClick={() => setAsked('back')}>
            Undo last change…
          </Button>
        )}
      </div>
      {own && (
        <p className="mt-2 text-xs text-muted">
          You wrote version {own.version}: somebody else has to put it live.
        </p>
      )}
      {asked && (
        <Suspense>
          <MoveDialog
            rule={rule}
            move={asked === 'back' ? null : asked}
            busy={move.isPending || back.isPending}
            onMove={(what) => move.mutate(what, done)}
            onRollBack={(reason) => back.mutate(reason, done)}
            onClose={() => setAsked(null)}
          />
        </Suspense>
      )}
    </div>
  );
}
