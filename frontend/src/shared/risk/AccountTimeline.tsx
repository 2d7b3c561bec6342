import type { AssessmentSummary } from '@/shared/api/types';
import { ChartFrame } from '@/shared/charts/ChartFrame';
import { money } from '@/shared/format/money';
import { score } from '@/shared/format/number';
import { useZone } from '@/shared/preferences/zone';
import { eventRef } from '@/shared/risk/eventRef';
import { calendarDate, clockMinute, zoneName } from '@/shared/time/format';
import { LevelName } from './scores/LevelMark';
import { LEVEL } from './scores/levels';
import { useAccountEvents } from './useAccountEvents';

const [WIDTH, HEIGHT, LEFT, BASE] = [400, 132, 22, 108];

interface Props {
  account: string;
  /** The events that are looked at. */
  events: ReadonlySet<string>;
}

/** The latest events of an account by time and score; those that are looked at have a ring. */
export function AccountTimeline({ account, events }: Props) {
  useZone();
  const { data, error, isPending, refetch } = useAccountEvents(account);
  const items = [...(data?.items ?? [])].sort((a, b) => a.occurred_at.localeCompare(b.occurred_at));
  return (
    <ChartFrame
      bare
      title="Its latest events"
      unit={`score over time, ${zoneName()}`}
      height={HEIGHT}
      loading={isPending}
      error={error}
      onRetry={() => void refetch()}
      figures={{
        columns: ['Occurred', 'Amount', 'Score', 'Level'],
        rows: [...items].reverse().map((each) => ({
          key: eventRef(each),
          cells: [
            when(each.occurred_at),
            amountOf(each),
            score(each.score),
            <LevelName key="level" level={each.level} />,
          ],
        })),
      }}
    >
      <Plot items={items} events={events} />
    </ChartFrame>
  );
}

const when = (at: string): string => `${calendarDate(new Date(at))} ${clockMinute(new Date(at))}`;

function amountOf({ amount, currency }: AssessmentSummary): string {
  if (amount == null) return '–';
  const shown = money(amount, currency);
  return `${shown.number} ${shown.currency ?? ''}`.trim();
}

const SHAPES = {
  LOW: 'M-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0',
  MEDIUM: 'M0-4 4 0 0 4-4 0Z',
  HIGH: 'M0-4.4 4.6 3.8H-4.6Z',
  CRITICAL: 'M-2-4.4H2L4.4-2V2L2 4.4H-2L-4.4 2V-2Z',
} as const;

function Plot({ items, events }: { items: readonly AssessmentSummary[]; events: ReadonlySet<string> }) {
  const times = items.map((each) => Date.parse(each.occurred_at));
  const [from, to] = [times[0] ?? 0, times.at(-1) ?? 0];
  const x = (time: number) =>
    LEFT + 8 + (to > from ? (time - from) / (to - from) : 0.5) * (WIDTH - LEFT - 18);
  const y = (value: number) => BASE - value * (BASE - 10);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${items.length} events by time and score; the table view has each of them`}
      className="block h-full w-full text-2xs"
    >
      {[0, 0.5, 1].map((each) => (
        <g key={each}>
          <line x1={LEFT} x2={WIDTH} y1={y(each)} y2={y(each)} className="stroke-line" />
          <text x={LEFT - 5} y={y(each) + 4} textAnchor="end" className="fill-faint">
            {each}
          </text>
        </g>
      ))}
      {items.map((each, i) => (
        <g
          key={eventRef(each)}
          transform={`translate(${x(times[i] ?? 0)} ${y(each.score)})`}
          className={LEVEL[each.level].mark}
        >
          {events.has(eventRef(each)) && (
            <circle r="7.5" fill="none" stroke="currentColor" strokeWidth="1.4" />
          )}
          <path
            d={SHAPES[each.level]}
            fill={each.level === 'LOW' ? 'none' : 'currentColor'}
            stroke={each.level === 'LOW' ? 'currentColor' : 'none'}
          >
            <title>{`${when(each.occurred_at)}, ${amountOf(each)}, score ${score(each.score)}`}</title>
          </path>
        </g>
      ))}
      {items.length > 0 && (
        <g className="fill-faint">
          <text x={LEFT} y={HEIGHT - 4}>
            {when(items[0]?.occurred_at ?? '')}
          </text>
          <text x={WIDTH} y={HEIGHT - 4} textAnchor="end">
            {when(items.at(-1)?.occurred_at ?? '')}
          </text>
        </g>
      )}
    </svg>
  );
}
