import type { Calibration } from '@/shared/api/types';
import type { Tone } from '@/shared/charts/tones';

/** One bin of a curve: what was predicted, what came true, by how many events. */
export interface Point {
  lower: number;
  upper: number;
  predicted: number;
  observed: number;
  events: number;
}

/** The points of one scorer, or of one time. */
export interface Curve {
  id: string;
  name: string;
  tone: Tone;
  points: readonly Point[];
}

type Scorer = Calibration['champion'];

/** The bins with labels: without any there is nothing to set beside the prediction. */
export function livePoints({ bins }: Scorer): Point[] {
  return bins.flatMap(({ lower, upper, predicted, observed, labelled }) =>
    predicted == null || observed == null ? [] : [{ lower, upper, predicted, observed, events: labelled }],
  );
}

interface Trained {
  from: number;
  to: number;
  events: number;
  predicted: number;
  observed: number;
}

/** The curve that a manifest keeps of the part of history that the model was judged on. */
export function trainedPoints(manifest: Record<string, unknown> | undefined): Point[] {
  const bins = manifest?.reliability;
  if (!Array.isArray(bins)) return [];
  return (bins as Trained[]).map(({ from, to, ...rest }) => ({ lower: from, upper: to, ...rest }));
}

/** The bins from 0.1, and how much lies below: nearly everything does, and would leave the rest as a line on the floor. */
export function distribution({ bins, events }: Scorer) {
  const [lowest, ...rest] = bins;
  return {
    bins: rest.map(({ lower, upper, events: count }) => ({ from: lower, to: upper, values: [count] })),
    below: lowest?.events ?? 0,
    events,
  };
}
