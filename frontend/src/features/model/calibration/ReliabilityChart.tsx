import type { Calibration } from '@/shared/api/types';
import { ChartFrame } from '@/shared/charts/ChartFrame';
import { ChartLegend } from '@/shared/charts/ChartLegend';
import { count } from '@/shared/format/number';
import { decimal, share } from '../quality/figures';
import { useModel } from '../versions/useModel';
import { ReliabilityPlot } from './ReliabilityPlot';
import { type Curve, livePoints, trainedPoints } from './reliability';

interface Props {
  calibration: Calibration | undefined;
  error: Error | null;
  onRetry: () => void;
}

/** The reliability diagram: what was predicted against what came true; on the diagonal both are the same. */
export function ReliabilityChart({ calibration, error, onRetry }: Props) {
  const { data: champion } = useModel(calibration?.champion.scorer);
  const curves: Curve[] = calibration
    ? [
        {
          id: 'champion',
          name: 'Champion',
          tone: 'first' as const,
          points: livePoints(calibration.champion),
        },
        ...(calibration.challenger
          ? [
              {
                id: 'challenger',
                name: 'Challenger',
                tone: 'second' as const,
                points: livePoints(calibration.challenger),
              },
            ]
          : []),
        {
          id: 'training',
          name: 'Champion in training',
          tone: 'fourth' as const,
          points: trainedPoints(champion?.manifest),
        },
      ].filter(({ points }) => points.length > 0)
    : [];
  const off = calibration?.champion.error;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <ChartFrame
        title="Calibration"
        unit="share of fraud, by predicted probability"
        height={320}
        loading={!calibration && !error}
        error={calibration ? null : error}
        onRetry={onRetry}
        empty="No event of this time has a label, and the champion brought no curve from its training."
        legend={
          <ChartLegend entries={curves.map(({ id, name, tone }) => ({ id, name, tone, swatch: 'line' }))} />
        }
        figures={{
          columns: ['Curve and bin', 'Predicted', 'Came true', 'Labelled'],
          rows: curves.flatMap(({ id, name, points }) =>
            points.map((point) => ({
              key: `${id} ${point.lower}`,
              cells: [
                `${name}, ${point.lower} to ${point.upper}`,
                share(point.predicted),
                share(point.observed),
                count(point.events),
              ],
            })),
          ),
        }}
      >
        <ReliabilityPlot curves={curves} height={320} />
      </ChartFrame>
      {off != null && (
        <p className="px-1 text-xs text-faint">
          The champion is off by {decimal(off)} on average, over {count(calibration?.champion.labelled ?? 0)}{' '}
          labelled events. Labels are seldom a fair sample of all events.
        </p>
      )}
    </div>
  );
}
