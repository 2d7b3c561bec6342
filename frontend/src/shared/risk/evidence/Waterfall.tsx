import { ChartFrame } from '@/shared/charts/ChartFrame';
import { measure, probabilityText, twoPlaces } from '@/shared/format/number';
import { light, unlight } from '../scores/lit';
import { useContributions } from './useEvidence';
import { probability, type Stair, stairs } from './waterfall';

const ROW = 40;
const signed = new Intl.NumberFormat(undefined, {
  signDisplay: 'exceptZero',
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});

/** How the score came about: each part starts where the one above it ended. */
export function Waterfall({ eventId }: { eventId: string }) {
  const { data, error, isPending, refetch } = useContributions(eventId);
  const found = data ? stairs(data) : [];
  const ends = found.flatMap(({ from, to, kind }) =>
    kind === 'base' || kind === 'total' ? [to] : [from, to],
  );
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const margin = Math.max((high - low) * 0.04, 0.05);
  const place = (at: number) => ((at - low + margin) / (high - low + 2 * margin)) * 100;
  return (
    <ChartFrame
      bare
      title="From the average event to this score"
      unit="log-odds"
      height={Math.max(found.length, 6) * ROW + 24}
      loading={isPending}
      error={error}
      onRetry={() => void refetch()}
      figures={{
        columns: ['Part', 'Value', 'Log-odds'],
        rows: (data ? stairs(data, data.parts.length) : []).map((stair) => ({
          key: stair.key,
          cells: [stair.name, shownValue(stair), signed.format(stair.points)],
        })),
      }}
    >
      <ol>
        {found.map((stair) => (
          <StairRow key={stair.key} stair={stair} place={place} />
        ))}
      </ol>
      {data && (
        <p className="pt-1 text-xs text-faint">
          {data.exact
            ? `By ${data.scorer}, exactly: every feature that it knows is counted.`
            : `${data.scorer} tells only its main reasons; the first bar is all the rest.`}
        </p>
      )}
    </ChartFrame>
  );
}

function shownValue({ value, unit }: Stair): string {
  if (value === null) return '';
  return unit === '0 or 1' ? (value ? 'yes' : 'no') : `${measure(value)}${unit ? ` ${unit}` : ''}`;
}

const FILL: Record<Stair['kind'], string> = {
  base: 'bg-control',
  feature: '',
  rule: '',
  rest: '',
  total: 'bg-accent',
};

function StairRow({ stair, place }: { stair: Stair; place: (at: number) => number }) {
  const { kind, points, from, to, name } = stair;
  const stands = kind === 'base' || kind === 'total';
  const [left, right] = stands
    ? [place(to) - 0.6, place(to) + 0.6]
    : [Math.min(place(from), place(to)), Math.max(place(from), place(to))];
  const feature = kind === 'feature' ? stair.key.replace('feature ', '') : undefined;
  const value = shownValue(stair);
  return (
    <li
      className="grid grid-cols-[1fr_auto] gap-x-3"
      style={{ height: ROW }}
      onMouseEnter={() => feature && light([], [feature])}
      onMouseLeave={unlight}
    >
      <span className={`truncate ${stands ? 'font-medium' : ''}`} title={name}>
        {kind === 'rule' && <span className="mr-1 rounded-xs bg-sunken px-1 text-2xs font-medium">rule</span>}
        {name}
        {value && <span className="text-faint"> · {value}</span>}
      </span>
      <span className={`text-right tabular-nums ${stands ? 'font-medium' : 'text-muted'}`}>
        {stands ? `${twoPlaces(to)} → ${probabilityText(probability(to))}` : signed.format(points)}
      </span>
      <span aria-hidden="true" className="relative col-span-2 h-1.5 rounded-xs bg-sunken">
        <span
          className={`absolute inset-y-0 rounded-xs ${FILL[kind] || (points >= 0 ? 'bg-high-mark' : 'bg-low-mark')}`}
          style={{ left: `${left}%`, width: `${Math.max(right - left, 0.8)}%` }}
        />
      </span>
    </li>
  );
}
