import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Segments } from '@/shared/ui/fields/Segments';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { InForce } from './InForce';
import { type ModelSearch, readModelSearch, type Tab } from './search';

const VersionsTab = lazy(() => import('./versions/VersionsTab'));
const CalibrationTab = lazy(() => import('./calibration/CalibrationTab'));
const DriftTab = lazy(() => import('./drift/DriftTab'));
const QualityTab = lazy(() => import('./quality/QualityTab'));

const NAMES: Record<Tab, string> = {
  versions: 'Versions',
  calibration: 'Calibration',
  drift: 'Drift',
  quality: 'Quality',
};

const DAYS = {
  versions: [],
  calibration: [1, 7, 30],
  drift: [1, 7],
  quality: [7, 30],
} as const satisfies Record<Tab, readonly (1 | 7 | 30)[]>;

/** Which model judges, which scores in its shadow, and how good both are. */
export function ModelScreen() {
  const { tab = 'versions', days = 7 } = useSearch({ from: '/shell/model' });
  const navigate = useNavigate();
  const change = (part: ModelSearch) =>
    void navigate({
      to: '/model',
      replace: true,
      search: (before) => readModelSearch({ ...before, ...part }),
    });
  const choices = DAYS[tab].map((value) => ({
    value: String(value),
    label: value === 1 ? '24 h' : `${value} d`,
  }));
  return (
    <div className="h-full overflow-y-auto p-3 sm:p-4">
      <title>Model · Risk</title>
      <h1 className="sr-only">Model</h1>
      <div className="flex flex-col gap-3 sm:gap-4">
        <InForce />
        <div className="flex flex-wrap items-center gap-2">
          <Segments
            label="Shown of the models"
            value={tab}
            options={(Object.keys(NAMES) as Tab[]).map((value) => ({ value, label: NAMES[value] }))}
            onChange={(next) => change({ tab: next, days: 7 })}
          />
          {choices.length > 0 && (
            <span className="ml-auto">
              <Segments
                label="Over the last"
                value={String(days)}
                options={choices}
                onChange={(next) => change({ days: Number(next) as 1 | 7 | 30 })}
              />
            </span>
          )}
        </div>
        <Suspense fallback={<SkeletonLines lines={6} />}>
          {tab === 'versions' && <VersionsTab />}
          {tab === 'calibration' && <CalibrationTab days={days} />}
          {tab === 'drift' && <DriftTab days={days} />}
          {tab === 'quality' && <QualityTab days={days} />}
        </Suspense>
      </div>
    </div>
  );
}
