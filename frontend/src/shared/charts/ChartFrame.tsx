/**
 * What every chart stands in: title, unit, legend, a switch to the figures behind it, and its own loading, empty
 * and error states, all in a box of one height so that nothing moves when the data comes.
 *
 *   LineChart   over time or over a number; lines, or bars stacked on each other (uPlot, loaded when needed)
 *   Histogram   upright bars over ranges of a number, with marks such as a threshold (SVG)
 *   BarChart    lying bars, one for each name, each of which may lead somewhere (HTML)
 *
 * are whole charts: they bring frame, legend and table. For a drawing of your own (a waterfall, a graph) use
 * `<ChartFrame title unit figures={{ columns, rows }}>{drawing}</ChartFrame>`, give the drawing `role="img"` and
 * an `aria-label`, and take colours from `TONE` (tones.ts).
 */
import { type ReactNode, useId, useState } from 'react';
import { Segments } from '@/shared/ui/fields/Segments';
import { Icon } from '@/shared/ui/Icon';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { type Figures, FigureTable } from './FigureTable';

export interface FrameProps {
  title: string;
  /** What the numbers count or measure, such as `per minute` or `EUR`. */
  unit: string;
  /** Of the plot, in pixels. */
  height?: number;
  /** Waits for data while this is true. */
  loading?: boolean | undefined;
  error?: Error | null | undefined;
  onRetry?: (() => void) | undefined;
  /** Said instead of the chart when there is nothing to draw. */
  empty?: ReactNode;
  /** Beside the switch: a choice of period, say. */
  actions?: ReactNode;
  /** Inside a panel or a section that has its own border. */
  bare?: boolean;
}

interface Props extends FrameProps {
  figures: Figures;
  legend?: ReactNode;
  children: ReactNode;
}

const VIEWS = [
  { value: 'chart', label: <View icon="chart" name="Chart" /> },
  { value: 'table', label: <View icon="table" name="Table" /> },
] as const;

export function ChartFrame(props: Props) {
  const { title, unit, height = 176, figures, legend, loading, actions, bare = false, children } = props;
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const heading = useId();
  const Title = bare ? 'h3' : 'h2';
  const state = stateOf(props);
  return (
    <section
      aria-labelledby={heading}
      className={`@container flex min-w-0 shrink-0 flex-col ${bare ? '' : 'rounded-md border border-line bg-panel'}`}
    >
      <header className={`flex flex-wrap items-center gap-x-4 gap-y-1 pb-1.5 ${bare ? '' : 'px-4 pt-3'}`}>
        <Title id={heading} className="min-w-0 font-semibold @max-2xl:flex-1">
          {title} <span className="font-normal text-faint">{unit}</span>
        </Title>
        {/* Beside the title where there is room, under it where there is not. */}
        {(loading || !state) && legend && (
          <div className="-mx-1.5 @max-2xl:order-last @max-2xl:basis-full">{legend}</div>
        )}
        <span className="ml-auto flex items-center gap-2 self-start">
          {actions}
          <Segments label={`Show ${title} as`} value={view} options={VIEWS} onChange={setView} />
        </span>
      </header>
      <div className={bare ? '' : 'pb-2'} style={{ height: height + (bare ? 0 : 8) }}>
        {state ?? (view === 'table' ? <FigureTable title={title} figures={figures} /> : children)}
      </div>
    </section>
  );
}

function stateOf({ loading, error, onRetry, empty, figures }: Props): ReactNode {
  if (error) return <ProblemNotice error={error} {...(onRetry && { onRetry })} />;
  if (loading)
    return (
      <span
        role="status"
        aria-label="Loading"
        className="m-4 mt-2 block h-[calc(100%-1.5rem)] animate-pulse rounded-xs bg-sunken"
      />
    );
  if (figures.rows.length > 0) return null;
  return (
    <p className="grid h-full place-items-center px-6 text-center text-muted">{empty ?? 'Nothing yet'}</p>
  );
}

function View({ icon, name }: { icon: 'chart' | 'table'; name: string }) {
  return (
    <>
      <Icon name={icon} size={13} />
      <span className="@max-2xl:sr-only">{name}</span>
    </>
  );
}
