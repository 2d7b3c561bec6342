import { count } from '@/shared/format/number';
import { Age } from '@/shared/time/Age';
import type { Column } from '@/shared/ui/table/columns';
import { EffectName } from '../EffectName';
import { RuleStatusName } from '../RuleStatusName';
import { STATUSES } from '../search';
import { effectSize, share } from '../words';
import type { RuleRow } from './rows';

const DASH = <span className="text-faint">–</span>;

export const COLUMNS: readonly Column<RuleRow>[] = [
  {
    id: 'name',
    header: 'Rule',
    width: 170,
    grow: 2,
    fixed: true,
    cell: ({ rule }) => <span className="font-mono text-xs font-medium">{rule.name}</span>,
    value: ({ rule }) => rule.name,
  },
  {
    id: 'status',
    header: 'State',
    width: 110,
    cell: ({ rule }) => (
      <RuleStatusName status={rule.status} percent={rule.stage.percent} suspended={rule.suspended} />
    ),
    value: ({ rule }) => STATUSES.indexOf(rule.status) * 1000 + rule.stage.percent,
  },
  {
    id: 'effect',
    header: 'Effect',
    width: 125,
    cell: ({ rule }) => <EffectName effect={rule.latest} />,
    value: ({ rule }) => effectSize(rule.latest),
  },
  {
    id: 'hits',
    header: 'Hits, 7 d',
    width: 76,
    align: 'right',
    cell: ({ hits }) => (hits === null ? DASH : count(hits)),
    value: ({ hits }) => hits,
  },
  {
    id: 'rate',
    header: 'Hit rate',
    width: 72,
    align: 'right',
    cell: ({ hitRate }) => (hitRate === null ? DASH : share(hitRate)),
    value: ({ hitRate }) => hitRate,
  },
  {
    id: 'precision',
    header: 'Precision',
    width: 110,
    align: 'right',
    cell: ({ precision, labelled }) =>
      precision === null ? (
        DASH
      ) : (
        <>
          {share(precision)} <span className="text-xs text-faint">of {count(labelled)}</span>
        </>
      ),
    value: ({ precision }) => precision,
  },
  {
    id: 'last',
    header: 'Last hit',
    width: 72,
    align: 'right',
    cell: ({ lastHit }) => (lastHit ? <Age at={lastHit} /> : DASH),
    value: ({ lastHit }) => (lastHit ? Date.parse(lastHit) : null),
    from: 900,
  },
  {
    id: 'owner',
    header: 'Owner',
    width: 120,
    grow: 1,
    cell: ({ rule }) => <span className="text-muted">{rule.latest.owner}</span>,
    value: ({ rule }) => rule.latest.owner,
  },
  {
    id: 'version',
    header: 'Version',
    width: 64,
    align: 'right',
    cell: ({ rule }) => `v${rule.latest.version}`,
    value: ({ rule }) => rule.latest.version,
    from: 760,
  },
];
