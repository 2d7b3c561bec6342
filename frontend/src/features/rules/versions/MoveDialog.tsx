import { useState } from 'react';
import type { RuleDetail } from '@/shared/api/types';
import WhyDialog from '@/shared/ui/dialogs/WhyDialog';
import { Segments } from '@/shared/ui/fields/Segments';
import { STATUS_MEANING } from '../words';
import type { Move } from './moves';
import type { MoveAsked } from './useMoveRule';

const SHARES = [5, 10, 25, 50, 100].map((percent) => ({ value: String(percent), label: `${percent} %` }));

interface Props {
  rule: RuleDetail;
  /** Null: undo the last change. */
  move: Move | null;
  busy: boolean;
  onMove: (asked: MoveAsked) => void;
  onRollBack: (reason: string) => void;
  onClose: () => void;
}

/** Asks why, and for a rule that goes live, for what share of the events. */
export default function MoveDialog({ rule, move, busy, onMove, onRollBack, onClose }: Props) {
  const [percent, setPercent] = useState(String(rule.stage.percent || 10));
  return (
    <WhyDialog
      title={move ? `${move.name}: ${rule.name}` : `Undo the last change of ${rule.name}`}
      confirm={move ? move.name : 'Undo it'}
      busy={busy}
      onConfirm={(reason) =>
        move
          ? onMove({ to: move.to, version: move.version, percent: Number(percent), reason })
          : onRollBack(reason)
      }
      onClose={onClose}
    >
      {move
        ? `Version ${move.version}. ${STATUS_MEANING[move.to]} The engine follows within a second.`
        : `What “${rule.stages[0]?.reason}” did is taken back; the rule stands where it stood before.`}
      {move?.to === 'live' && (
        <div className="mt-4">
          <p className="mb-1 font-medium text-strong">Share of events</p>
          <Segments label="Share of events" value={percent} options={SHARES} onChange={setPercent} />
          <p className="mt-1 text-xs text-faint">
            Always the same ones; hits on the others are counted as in shadow.
          </p>
        </div>
      )}
    </WhyDialog>
  );
}
