import { expect, test } from 'vitest';
import type { Calibration, ModelComparison, ModelDriftHistory } from '@/shared/api/types';
import { distribution, livePoints, trainedPoints } from './calibration/reliability';
import { course } from './drift/drifting';
import { better, MEASURES, type Measure } from './quality/measures';

const [AUC, , BRIER, MEAN] = MEASURES as [Measure, Measure, Measure, Measure];

function comparison(champion: object, challenger: object): ModelComparison {
  const none = { scorer: '', auc: null, average_precision: null, brier: null, mean_score: null, levels: [] };
  return {
    champion: { ...none, ...champion },
    challenger: { ...none, ...challenger },
  } as unknown as ModelComparison;
}

test('more AUC is better, less error is, and of two means neither', () => {
  const found = comparison(
    { auc: 0.9, brier: 0.02, mean_score: 0.1 },
    { auc: 0.8, brier: 0.01, mean_score: 0.2 },
  );
  expect([AUC, BRIER, MEAN].map((measure) => better(measure, found))).toEqual([
    'champion',
    'challenger',
    null,
  ]);
});

test('what could not be measured, or is equal, is better of neither', () => {
  expect(better(AUC, comparison({ auc: 0.9 }, {}))).toBeNull();
  expect(better(AUC, comparison({ auc: 0.9 }, { auc: 0.9 }))).toBeNull();
});

const scorer = {
  scorer: 'model',
  events: 112,
  labelled: 12,
  error: 0.1,
  bins: [
    { lower: 0, upper: 0.1, events: 100, labelled: 10, frauds: 0, predicted: 0.02, observed: 0 },
    { lower: 0.1, upper: 0.2, events: 10, labelled: 0, frauds: 0, predicted: null, observed: null },
    { lower: 0.2, upper: 0.3, events: 2, labelled: 2, frauds: 1, predicted: 0.25, observed: 0.5 },
  ],
} satisfies Calibration['champion'];

test('a bin without labels is no point of the curve, and one without frauds is', () => {
  expect(livePoints(scorer).map(({ lower, observed, events }) => [lower, observed, events])).toEqual([
    [0, 0, 10],
    [0.2, 0.5, 2],
  ]);
});

test('the lowest tenth of probability is told and not drawn', () => {
  expect(distribution(scorer)).toMatchObject({
    below: 100,
    events: 112,
    bins: [{ from: 0.1 }, { from: 0.2 }],
  });
});

test('a manifest without a curve, as of the scorecard, has no points', () => {
  expect(trainedPoints({})).toEqual([]);
  const bins = [{ from: 0, to: 0.1, events: 9, predicted: 0.03, observed: 0.02 }];
  expect(trainedPoints({ reliability: bins })).toEqual([
    { lower: 0, upper: 0.1, events: 9, predicted: 0.03, observed: 0.02 },
  ]);
});

test('a step in which a feature was not counted is a hole, not a zero', () => {
  const point = (since: string, features: object[]) => ({ since, events: 1, features });
  const history = {
    scorer: 'model',
    since: '2026-01-31T07:20:00Z',
    step_hours: 1,
    points: [
      point('2026-01-31T09:00:00Z', [{ feature: 'amount', psi: 0.2, band: 'watch' }]),
      point('2026-01-31T10:00:00Z', []),
    ],
  } as unknown as ModelDriftHistory;
  expect(course(history, 'amount').values).toEqual([null, null, 0.2, null]);
});
