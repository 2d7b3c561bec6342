import type { ModelDriftHistory } from '@/shared/api/types';

export const WATCH = 0.1;
export const SHIFTED = 0.25;

/** The index of one feature over time; null where it was not counted. */
export function course(
  { points }: ModelDriftHistory,
  feature: string,
): { x: number[]; values: (number | null)[] } {
  return {
    x: points.map(({ since }) => Date.parse(since)),
    values: points.map(({ features }) => features.find((each) => each.feature === feature)?.psi ?? null),
  };
}
