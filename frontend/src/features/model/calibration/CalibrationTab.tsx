import { useState } from 'react';
import { Histogram } from '@/shared/charts/Histogram';
import { count } from '@/shared/format/number';
import { useConfiguration } from '@/shared/risk/useConfiguration';
import { Segments } from '@/shared/ui/fields/Segments';
import { share } from '../quality/figures';
import { ReliabilityChart } from './ReliabilityChart';
import { distribution } from './reliability';
import { useCalibration } from './useCalibration';

const SIDES = [
  { value: 'champion', label: 'Champion' },
  { value: 'challenger', label: 'Challenger' },
] as const;

/** Whether the probabilities mean what they say, and how they are distributed. */
export default function CalibrationTab({ days }: { days: number }) {
  const { data, error, refetch } = useCalibration(days);
  const { data: configuration } = useConfiguration();
  const [side, setSide] = useState<'champion' | 'challenger'>('champion');
  const scorer = data?.[side] ?? data?.champion;
  const found = scorer && distribution(scorer);
  const thresholds = configuration?.thresholds;
  return (
    <div className="grid items-start gap-3 sm:gap-4 lg:grid-cols-2">
      <ReliabilityChart calibration={data} error={error} onRetry={() => void refetch()} />
      <div className="flex min-w-0 flex-col gap-2">
        <Histogram
          title="Probability"
          unit={`events, ${scorer?.scorer ?? 'champion'}`}
          of="Its own probability, before rules"
          height={320}
          bins={found && found.events > 0 ? found.bins : []}
          marks={
            thresholds
              ? [
                  { at: thresholds.low, label: 'Medium' },
                  { at: thresholds.medium, label: 'High' },
                  { at: thresholds.high, label: 'Critical' },
                ]
              : []
          }
          loading={!data && !error}
          error={data ? null : error}
          onRetry={() => void refetch()}
          empty="It has scored no event in this time."
          actions={
            data?.challenger && <Segments label="Model" value={side} options={SIDES} onChange={setSide} />
          }
        />
        {found && found.events > 0 && (
          <p className="px-1 text-xs text-faint">
            Not drawn: {count(found.below)} of {count(found.events)} events (
            {share(found.below / found.events)}) lie below 0.1.
          </p>
        )}
      </div>
    </div>
  );
}
