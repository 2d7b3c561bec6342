import { Histogram } from '@/shared/charts/Histogram';
import { LEVEL, LEVELS } from '@/shared/risk/scores/levels';
import type { Thresholds } from './draft';
import type { usePreview } from './usePreview';

const TONES = { LOW: 'low', MEDIUM: 'medium', HIGH: 'high', CRITICAL: 'critical' } as const;

interface Props {
  preview: ReturnType<typeof usePreview>;
  thresholds: Thresholds;
}

/** The scores of the last week, each in the colour of the level that the draft would give it. */
export function PreviewChart({ preview, thresholds }: Props) {
  const scores = preview.data?.scores ?? [];
  const edges = [0, thresholds.low, thresholds.medium, thresholds.high];
  const bins = scores.map((events, i) => {
    const [from, to] = [i / scores.length, (i + 1) / scores.length];
    const middle = (from + to) / 2;
    const level = edges.findLastIndex((edge) => middle >= edge);
    return { from, to, values: LEVELS.map((_, at) => (at === level ? events : 0)) };
  });
  return (
    <Histogram
      bare
      title="Scores of the last 7 days"
      unit="events"
      of="Score"
      bins={bins.some(({ values }) => values.some((value) => value > 0)) ? bins : []}
      series={LEVELS.map((level) => ({ name: LEVEL[level].word, tone: TONES[level] }))}
      marks={[thresholds.low, thresholds.medium, thresholds.high].map((at) => ({ at, label: String(at) }))}
      tens
      loading={preview.isPending}
      error={preview.error}
      onRetry={() => void preview.refetch()}
      empty="Nothing was scored in the last 7 days"
    />
  );
}
