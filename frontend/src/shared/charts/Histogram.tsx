import { type ReactNode, useState } from 'react';
import { count, measure } from '@/shared/format/number';
import type { Bin, Mark } from './bins';
import { ChartFrame, type FrameProps } from './ChartFrame';
import { ChartLegend } from './ChartLegend';
import { HistogramPlot } from './HistogramPlot';
import { type Tone, toneAt } from './tones';

export interface HistogramSeries {
  name: ReactNode;
  tone?: Tone;
}

interface Props extends FrameProps {
  /** What the ranges are of, such as `Score` or `Amount, EUR`. */
  of: string;
  bins: readonly Bin[];
  /** One, unless the bars are stacked. */
  series?: readonly HistogramSeries[];
  marks?: readonly Mark[];
  /** An upright axis whose steps are tens: for counts of which a few are much larger than the rest. */
  tens?: boolean;
  /** Of the values. */
  format?: ((value: number) => string) | undefined;
  /** Of the ends of a range. */
  formatEdge?: ((edge: number) => string) | undefined;
}

/** Upright bars over ranges of a number, side by side; stacked when there are several series. */
export function Histogram(props: Props) {
  const {
    of,
    bins,
    series = [{ name: props.unit }],
    marks = [],
    tens = false,
    format = count,
    formatEdge = measure,
  } = props;
  const [pointed, setPointed] = useState<number | null>(null);
  const bin = pointed === null ? undefined : bins[pointed];
  const range = ({ from, to }: Bin) => `${formatEdge(from)} – ${formatEdge(to)}`;
  const tones = series.map(({ tone }, i) => tone ?? toneAt(i));
  return (
    <ChartFrame
      {...props}
      figures={{
        columns: [of, ...series.map(({ name }) => name)],
        rows: bins.map((each) => ({ key: each.from, cells: [range(each), ...each.values.map(format)] })),
      }}
      legend={
        (series.length > 1 || bin) && (
          <ChartLegend
            entries={series.map(({ name }, i) => ({
              id: String(i),
              name: series.length > 1 ? name : '',
              tone: tones[i] ?? 'first',
              swatch: series.length > 1 ? 'bar' : 'none',
              value: bin && format(bin.values[i] ?? 0),
            }))}
            at={bin && `${of} ${range(bin)}`}
          />
        )
      }
    >
      <div className={props.bare ? '' : 'px-4'}>
        <HistogramPlot
          label={`${props.title}; the table view has the numbers`}
          of={of}
          bins={bins}
          tones={tones}
          marks={marks}
          tens={tens}
          height={props.height ?? 176}
          format={format}
          formatEdge={formatEdge}
          pointed={pointed}
          onPoint={setPointed}
        />
      </div>
    </ChartFrame>
  );
}
