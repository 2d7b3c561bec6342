import Button from '@mui/material/Button';
import { useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { DeadLetterDetail } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import WhyDialog from '@/shared/ui/dialogs/WhyDialog';
import { Section } from '@/shared/ui/panels/Section';
import { SidePanel } from '@/shared/ui/panels/SidePanel';
import { LetterFacts } from './LetterFacts';
import { RecordField } from './RecordField';
import { faultOf, toText } from './record';
import { useDeadLetterActions } from './useDeadLetterActions';

interface Props {
  letter: DeadLetterDetail;
  onClose: () => void;
}

/** A dead letter in full. An open one is corrected in its place and replayed, or dismissed with a reason. */
export function LetterBody({ letter, onClose }: Props) {
  const came = toText(letter);
  const [typed, setTyped] = useState(came);
  const [tried, setTried] = useState(false);
  const [asking, setAsking] = useState(false);
  const { replay, dismiss } = useDeadLetterActions(letter.number);
  const open = letter.outcome === null;
  const corrected = typed !== came || letter.raw_encoding !== 'text' || letter.cut;
  const fault = tried && corrected ? faultOf(typed) : undefined;
  const refused = replay.error && asProblem(replay.error);
  const send = () => {
    setTried(true);
    if (!corrected || !faultOf(typed)) replay.mutate({ text: corrected ? typed : null, note: null });
  };
  const footer = open && (
    <div className="flex flex-wrap items-center gap-2">
      <Button variant="contained" loading={replay.isPending} onClick={send}>
        {typed === came ? 'Replay as it came' : 'Replay the correction'}
      </Button>
      <Button variant="outlined" color="inherit" onClick={() => setAsking(true)}>
        Dismiss…
      </Button>
      {typed !== came && <Button onClick={() => setTyped(came)}>Undo the edits</Button>}
    </div>
  );
  return (
    <SidePanel wide title={`Dead letter ${count(letter.number)}`} onClose={onClose} footer={footer}>
      <LetterFacts letter={letter} />
      <Section title="Record">
        <RecordField
          letter={letter}
          value={typed}
          onChange={setTyped}
          readOnly={!open}
          error={
            fault ??
            (refused ? (refused.fields[0]?.detail ?? `${refused.title}: ${refused.detail}`) : undefined)
          }
        />
      </Section>
      {asking && (
        <WhyDialog
          title={`Dismiss dead letter ${count(letter.number)}?`}
          confirm="Dismiss"
          busy={dismiss.isPending}
          error={dismiss.error}
          onClose={() => setAsking(false)}
          onConfirm={(reason) => dismiss.mutate(reason, { onSuccess: () => setAsking(false) })}
        >
          Its record is never scored. It stays stored, with the reason.
        </WhyDialog>
      )}
    </SidePanel>
  );
}
