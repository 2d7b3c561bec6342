import type { Alert, AlertDetail } from '@/shared/api/types';
import { Section } from '@/shared/ui/panels/Section';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { AlertContents } from './AlertContents';
import { AlertFacts } from './AlertFacts';
import { History } from './History';
import { NoteForm } from './NoteForm';
import { RelatedAlerts } from './RelatedAlerts';

interface Props {
  alert: Alert;
  detail: AlertDetail | undefined;
  me: string | null;
  /** Left out for who may only look. */
  onNote: ((text: string) => void) | undefined;
  onAccount: (account: string) => void;
  onSelect: (alert: string) => void;
}

/** What an alert gathers, what others are like it, what was written and done about it. */
export function AlertRecord({ alert, detail, me, onNote, onAccount, onSelect }: Props) {
  return (
    <>
      <Section title="Alert">
        <AlertFacts alert={alert} onAccount={onAccount} />
      </Section>
      <Section title="All that is wrong">
        {detail ? <AlertContents detail={detail} onAccount={onAccount} /> : <SkeletonLines lines={4} />}
      </Section>
      <Section title="Related alerts">
        {detail ? <RelatedAlerts detail={detail} onSelect={onSelect} /> : <SkeletonLines lines={2} />}
      </Section>
      <Section title="Notes and history">
        {onNote && <NoteForm onNote={onNote} />}
        {detail ? <History entries={detail.timeline} me={me} /> : <SkeletonLines lines={4} />}
      </Section>
    </>
  );
}
