import type { BacktestReport } from '@/shared/api/types';
import { count, plural } from '@/shared/format/number';
import { share, shareOf } from '../words';

const money = (amount: number, { money: { currency } }: BacktestReport): string =>
  `${count(amount)} ${currency}`;

function changed(before: number, after: number): string {
  if (before === after) return 'no change';
  const more = after > before;
  const by = before > 0 ? ` (${more ? '+' : '−'}${share(Math.abs(after - before) / before)})` : '';
  return `${more ? '▲' : '▼'} ${count(Math.abs(after - before))} ${more ? 'more' : 'fewer'}${by}`;
}

/** The few numbers that decide. */
export function BacktestFigures({ report: r }: { report: BacktestReport }) {
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-sm border border-line bg-line sm:grid-cols-4">
      <Figure name="Hits" value={count(r.hits)} note={`${shareOf(r.hits, r.events)} of events`} />
      <Figure
        name="Precision"
        value={shareOf(r.fraud_hits, r.labelled_hits)}
        note={
          r.labelled_hits
            ? `${count(r.fraud_hits)} frauds of ${plural(r.labelled_hits, 'labelled hit')}`
            : 'no hit has a label'
        }
      />
      <Figure
        name="Recall"
        value={shareOf(r.fraud_hits, r.frauds)}
        note={r.frauds ? `of ${plural(r.frauds, 'known fraud')}` : 'no known fraud'}
      />
      <Figure
        name="Alerting events"
        value={count(r.alerts_after)}
        note={changed(r.alerts_before, r.alerts_after)}
      />
      <Figure name="Money hit" value={money(r.money.hits, r)} note="whatever it turned out to be" />
      <Figure
        name="Fraud caught"
        value={money(r.money.fraud_hits, r)}
        note={r.money.frauds ? `of ${money(r.money.frauds, r)} known fraud` : 'no known fraud'}
      />
      <Figure
        name="Legitimate money hit"
        value={money(r.money.legitimate_hits, r)}
        note="of hits with a label"
      />
      <Figure
        name="Money alerting"
        value={money(r.money.alerts_after, r)}
        note={`${money(r.money.alerts_before, r)} without it`}
      />
      {r.errors > 0 && (
        <p className="col-span-full bg-panel px-3 py-2 text-medium">
          ▲ On {plural(r.errors, 'event')} it could be neither true nor false, which is no hit.
        </p>
      )}
    </dl>
  );
}

function Figure({ name, value, note }: { name: string; value: string; note: string }) {
  return (
    <div className="bg-panel px-3 py-2">
      <dt className="text-xs text-faint">{name}</dt>
      <dd>
        <span className="block text-lg font-semibold tabular-nums">{value}</span>
        <span className="text-xs text-muted">{note}</span>
      </dd>
    </div>
  );
}
