import type { AssessmentSummary } from '@/shared/api/types';
import { ChartFrame } from '@/shared/charts/ChartFrame';
import { money } from '@/shared/format/money';
import { rate } from '@/shared/format/number';
import { type Distribution, distribution, onPowers, quantile } from '../scores/distribution';
import { LEVEL } from '../scores/levels';
import { useAccountEvents } from '../useAccountEvents';

const HEIGHT = 96;
const [WIDTH, TOP, BASE] = [400, 22, 66];

/** This event's amount among what its account usually moves. */
export function AmountBaseline({ assessment }: { assessment: AssessmentSummary }) {
  const { data, error, isPending, refetch } = useAccountEvents(assessment.account_id);
  if (assessment.amount == null) return null;
  const found = data ? distribution(assessment, data.items) : null;
  const shown = (amount: number) => money(amount.toFixed(2), found?.currency).number;
  return (
    <ChartFrame
      bare
      title="Against its own amounts"
      unit={`${assessment.currency ?? 'amount'}, in powers of ten`}
      height={HEIGHT + (found ? 44 : 0)}
      loading={isPending}
      error={error}
      onRetry={() => void refetch()}
      empty="This account has too few other amounts of this kind to say what is usual for it."
      figures={{
        columns: ['Amount', assessment.currency ?? ''],
        rows: found
          ? [
              { key: 'this', cells: ['this event', shown(found.amount)] },
              ...(
                [
                  ['smallest', 0],
                  ['a quarter below', 0.25],
                  ['median', 0.5],
                  ['nine tenths below', 0.9],
                  ['largest', 1],
                ] as const
              ).map(([name, share]) => ({
                key: name,
                cells: [`${name} of ${found.others.length} others`, shown(quantile(found.others, share))],
              })),
            ]
          : [],
      }}
    >
      {found && (
        <>
          <Strip found={found} level={assessment.level} shown={shown} />
          <p className="text-muted">{words(found, shown)}</p>
        </>
      )}
    </ChartFrame>
  );
}

function words({ amount, median, above, others }: Distribution, shown: (amount: number) => string): string {
  const all = `all ${others.length} of its others`;
  const than =
    above === 1
      ? `Larger than ${all}`
      : above === 0
        ? `Smaller than ${all}`
        : `Larger than ${Math.floor(above * 100)} % of its last ${others.length}`;
  const times = median > 0 ? `; ${rate(amount / median)}× the median of ${shown(median)}` : '';
  return `${than}${times}.`;
}

interface StripProps {
  found: Distribution;
  level: AssessmentSummary['level'];
  shown: (amount: number) => string;
}

function Strip({ found, level, shown }: StripProps) {
  const { others, amount, median } = found;
  const low = Math.min(others[0] ?? amount, amount) * 0.8;
  const high = Math.max(others.at(-1) ?? amount, amount) * 1.25;
  const x = (value: number) => 12 + onPowers(value, low, high) * (WIDTH - 24);
  const ticks = [0.01, 0.1, 1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7].filter(
    (each) => each >= low && each <= high,
  );
  const side = x(amount) > WIDTH / 2 ? 'end' : 'start';
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`This amount, ${shown(amount)}, among ${others.length} others of the account with a median of ${shown(median)}`}
      className="block h-24 w-full text-2xs"
    >
      <line x1="0" x2={WIDTH} y1={BASE} y2={BASE} className="stroke-line" />
      {ticks.map((each) => (
        <g key={each}>
          <line x1={x(each)} x2={x(each)} y1={BASE} y2={BASE + 4} className="stroke-control" />
          <text x={x(each)} y={BASE + 16} textAnchor="middle" className="fill-faint">
            {shown(each).replace(/[.,]00$/, '')}
          </text>
        </g>
      ))}
      {others.map((each, i) => (
        // Spread up and down, always in the same way, so that many of one amount are seen to be many.
        <circle
          // biome-ignore lint/suspicious/noArrayIndexKey: two may be alike
          key={i}
          cx={x(each)}
          cy={BASE - 8 - ((i * 7) % 5) * 6}
          r="2.6"
          className="fill-control opacity-45"
        />
      ))}
      <line
        x1={x(median)}
        x2={x(median)}
        y1={TOP + 6}
        y2={BASE}
        strokeDasharray="3 2"
        className="stroke-strong"
      />
      <text x={x(median)} y={HEIGHT - 2} textAnchor="middle" className="fill-muted">
        median
      </text>
      <g className={LEVEL[level].mark}>
        <line x1={x(amount)} x2={x(amount)} y1={TOP - 4} y2={BASE} stroke="currentColor" strokeWidth="2" />
        <path d={`M${x(amount)} ${BASE - 6}l5 6-5 6-5-6Z`} fill="currentColor" />
      </g>
      <text
        x={x(amount)}
        y={TOP - 9}
        textAnchor={side}
        className={`fill-current font-medium ${LEVEL[level].text}`}
      >
        {shown(amount)}, this event
      </text>
    </svg>
  );
}
