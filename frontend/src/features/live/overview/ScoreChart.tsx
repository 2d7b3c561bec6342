import type { ScoreHistogram } from '@/shared/api/types';
import type { Mark } from '@/shared/charts/bins';
import { Histogram } from '@/shared/charts/Histogram';
import type { Tone } from '@/shared/charts/tones';
import { count, plural } from '@/shared/format/number';
import { useZone } from '@/shared/preferences/zone';
import { LEVEL, LEVELS } from '@/shared/risk/scores/levels';
import { useConfiguration } from '@/shared/risk/useConfiguration';
import { clock, zoneName } from '@/shared/time/format';
import type { QueryState } from '../queryState';

const SERIES = LEVELS.map((level) => ({ name: LEVEL[level].word, tone: level.toLowerCase() as Tone }));

/** How the newest assessments scored, and where the levels begin. */
export function ScoreChart({ scores, state }: { scores: ScoreHistogram | undefined; state: QueryState }) {
  useZone();
  const thresholds = useConfiguration().data?.thresholds;
  const marks: Mark[] = thresholds
    ? [
        { at: thresholds.low, label: 'Medium' },
        { at: thresholds.medium, label: 'High' },
        { at: thresholds.high, label: 'Critical' },
      ]
    : [];
  const bins = scores?.bins.map((bin) => ({
    from: bin.low,
    to: bin.high,
    values: LEVELS.map((level) => bin[level]),
  }));
  return (
    <Histogram
      {...state}
      title="Scores"
      unit={
        scores?.since
          ? `${plural(scores.total, 'assessment')} since ${clock(new Date(scores.since))} ${zoneName()}`
          : 'of assessments'
      }
      of="Score"
      bins={scores?.total ? (bins ?? []) : []}
      series={SERIES}
      marks={marks}
      tens
      height={150}
      format={count}
      formatEdge={(edge) => String(edge)}
      empty="Nothing was scored in the last 15 minutes"
    />
  );
}
