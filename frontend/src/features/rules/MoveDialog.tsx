import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { type FormEvent, useState } from 'react';
import type { RuleDetail } from '@/shared/api/types';
import { Field } from '@/shared/ui/Field';
import { Segments } from '@/shared/ui/Segments';
import type { Move } from './moves';
import type { MoveAsked } from './useMoveRule';
import { STATUS_MEANING } from './words';

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
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim();
    if (!reason) return;
    if (!move) onRollBack(reason);
    else onMove({ to: move.to, version: move.version, percent: Number(percent), reason });
  };
  return (
    <Dialog open onClose={onClose} aria-labelledby="move-title" maxWidth="xs" fullWidth>
      <form onSubmit={submit}>
        <DialogTitle id="move-title">
          {move ? `${move.name}: ${rule.name}` : `Undo the last change of ${rule.name}`}
        </DialogTitle>
        <DialogContent>
          <p className="mb-4 text-muted">
            {move
              ? `Version ${move.version}. ${STATUS_MEANING[move.to]} The engine follows within a second.`
              : `What “${rule.stages[0]?.reason}” did is taken back; the rule stands where it stood before.`}
          </p>
          {move?.to === 'live' && (
            <div className="mb-4">
              <p className="mb-1 font-medium">Share of events</p>
              <Segments label="Share of events" value={percent} options={SHARES} onChange={setPercent} />
              <p className="mt-1 text-xs text-faint">
                Always the same ones; hits on the others are counted as in shadow.
              </p>
            </div>
          )}
          <Field
            name="reason"
            label="Why?"
            required
            maxLength={500}
            focused
            help="It is kept in the rule’s history."
          />
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="contained" loading={busy}>
            {move ? move.name : 'Undo it'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
