import type { ModelDriftHistory } from '@/shared/api/types';

export const WATCH = 0.1;
export const SHIFTED = 0.25;

const HOUR = 3600_000;

/** The index of one feature over the whole time asked for; null in steps in which it was not counted. */
export function course(
  { points, since, step_hours }: ModelDriftHistory,
  feature: string,
): { x: number[]; values: (number | null)[] } {
  if (points.length === 0) return { x: [], values: [] };
  const size = step_hours * HOUR;
  const counted = new Map(points.map((point) => [Date.parse(point.since), point.features]));
  const first = Math.floor(Date.parse(since) / size);
  const last = Math.floor(Math.max(...counted.keys()) / size);
  const x = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * size);
  const values = x.map((at) => counted.get(at)?.find((each) => each.feature === feature)?.psi ?? null);
  return { x, values };
}
