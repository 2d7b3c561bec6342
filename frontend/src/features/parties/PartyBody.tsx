import type { Activity } from '@/shared/api/types';
import { AmountChart } from './AmountChart';
import { PartyAlerts } from './PartyAlerts';
import { PartyHistory } from './PartyHistory';
import { RelatedParties } from './RelatedParties';
import { ScoreChart } from './ScoreChart';
import { SharingBox } from './sharing/SharingBox';
import type { PartyKind } from './words';

interface Props {
  kind: PartyKind;
  activity: Activity;
  selected: string | undefined;
  onSelect: (eventId: string | undefined) => void;
}

/** What stands under the facts, loaded after them: the charts and the lists. */
export default function PartyBody({ kind, activity, selected, onSelect }: Props) {
  return (
    <>
      <h2 className="sr-only">Figures and lists</h2>
      <div className="grid gap-3 sm:gap-4 xl:grid-cols-2">
        <ScoreChart activity={activity} />
        <AmountChart activity={activity} />
        <PartyAlerts kind={kind} id={activity.id} />
        <RelatedParties kind={kind} activity={activity} />
      </div>
      <SharingBox kind={kind} id={activity.id} />
      <PartyHistory kind={kind} id={activity.id} selected={selected} onSelect={onSelect} />
    </>
  );
}
