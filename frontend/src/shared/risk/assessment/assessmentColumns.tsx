import type { AssessmentSummary } from '@/shared/api/types';
import { latency } from '@/shared/time/format';
import { DateAndTime } from '@/shared/time/Moment';
import type { Column } from '@/shared/ui/table/columns';
import { Amount } from '../amounts/Amount';
import { PartyLink } from '../connections/PartyLink';
import { DecisionTag } from '../decisions/DecisionTag';
import { LevelName } from '../scores/LevelMark';
import { ScoreBar } from '../scores/ScoreBar';

const none = <span className="text-faint">–</span>;

/** What can be seen of an assessment in a list. The server sorts it, by those that have a value: see `historyOrder`. */
export const ASSESSMENT_COLUMNS: readonly Column<AssessmentSummary>[] = [
  {
    id: 'occurred_at',
    header: 'Occurred',
    zoned: true,
    width: 138,
    cell: (a) => <DateAndTime at={a.occurred_at} />,
    value: (a) => a.occurred_at,
    greatestFirst: true,
  },
  {
    id: 'scored_at',
    header: 'Scored',
    zoned: true,
    width: 138,
    cell: (a) => <DateAndTime at={a.scored_at} />,
    value: (a) => a.scored_at,
    greatestFirst: true,
    extra: true,
  },
  { id: 'level', header: 'Level', width: 84, cell: (a) => <LevelName level={a.level} />, fixed: true },
  {
    id: 'decision',
    header: 'Decision',
    width: 96,
    from: 860,
    cell: (a) => <DecisionTag action={a.decision?.action} overturn={a.overturn} />,
  },
  {
    id: 'score',
    header: 'Score',
    width: 96,
    cell: (a) => <ScoreBar score={a.score} level={a.level} />,
    value: (a) => a.score,
    greatestFirst: true,
  },
  {
    id: 'account_id',
    header: 'Account',
    width: 110,
    grow: 0.8,
    cell: (a) => <PartyLink kind="account" id={a.account_id} />,
  },
  {
    id: 'counterparty_id',
    header: 'Counterparty',
    width: 110,
    grow: 0.8,
    from: 970,
    cell: (a) => (a.counterparty_id ? <PartyLink kind="counterparty" id={a.counterparty_id} /> : none),
  },
  { id: 'event_type', header: 'Type', width: 76, from: 1060, cell: (a) => a.event_type },
  {
    id: 'amount',
    header: 'Amount',
    width: 128,
    align: 'right',
    from: 700,
    cell: (a) => <Amount amount={a.amount} currency={a.currency} />,
  },
  { id: 'country', header: 'Country', width: 60, from: 1140, cell: (a) => a.country ?? none },
  { id: 'channel', header: 'Channel', width: 90, cell: (a) => a.channel ?? none, extra: true },
  {
    id: 'delay',
    header: 'To its score',
    width: 84,
    align: 'right',
    extra: true,
    cell: (a) => latency(Date.parse(a.scored_at) - Date.parse(a.received_at)),
  },
  {
    id: 'event_id',
    header: 'Event',
    width: 280,
    extra: true,
    cell: (a) => <span className="font-mono text-xs">{a.event_id}</span>,
  },
  {
    id: 'reason',
    header: 'Leading reason',
    width: 160,
    grow: 2.4,
    cell: (a) => <span className="text-muted">{a.reasons[0]?.text ?? none}</span>,
  },
];
