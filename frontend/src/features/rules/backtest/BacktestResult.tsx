import type { BacktestReport } from '@/shared/api/types';
import { BacktestCharts } from './BacktestCharts';
import { BacktestExamples } from './BacktestExamples';
import { BacktestFigures } from './BacktestFigures';

/** What came of it: figures, their course, other rules with the same hits, examples. */
export function BacktestResult({ report, version }: { report: BacktestReport; version: number }) {
  return (
    <section aria-label={`Backtest of version ${version}`} className="flex flex-col gap-5">
      <BacktestFigures report={report} />
      {report.hits > 0 && (
        <>
          <BacktestCharts report={report} />
          <BacktestExamples examples={report.examples} />
        </>
      )}
    </section>
  );
}
