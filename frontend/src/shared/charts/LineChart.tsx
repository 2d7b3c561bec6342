import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { measure } from '@/shared/format/number';
import { useZone } from '@/shared/preferences/zone';
import { zoneName } from '@/shared/time/format';
import { ChartFrame, type FrameProps } from './ChartFrame';
import { ChartLegend } from './ChartLegend';
import { timeOnAxis } from './shape';
import { type Tone, toneAt } from './tones';

const Plot = lazy(() => import('./Plot'));

export interface LineSeries {
  id: string;
  name: ReactNode;
  tone?: Tone;
  /** As many as there are places on the axis; null where nothing is known. */
  values: readonly (number | null)[];
  /** The name brings its own mark, as LevelName does. */
  marked?: boolean;
}

interface Props extends FrameProps {
  /** What the axis is of: `time` (epoch milliseconds, shown in the chosen zone), or the name of another number. */
  of: 'time' | (string & {});
  /** Places on the axis, ascending. */
  x: readonly number[];
  /** From the top of the stack to its bottom, when they are stacked. */
  series: readonly LineSeries[];
  kind?: 'lines' | 'stacked';
  /** The fixed end of the upright axis, such as 1 for a share. */
  top?: number;
  format?: ((value: number) => string) | undefined;
  formatX?: ((x: number) => string) | undefined;
}

/** Series over time or over a number: lines, or bars that stand on each other. Each can be switched off. `series` is best memoised. */
export function LineChart(props: Props) {
  const { of, x, series, kind = 'lines', top, format = measure } = props;
  useZone();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [pointed, setPointed] = useState<number | null>(null);
  const time = of === 'time';
  const formatX = props.formatX ?? (time ? timeOnAxis(x) : measure);
  const named = series.map((each, i) => ({ ...each, tone: each.tone ?? toneAt(i) }));
  const shown = named.filter(({ id }) => !hidden.has(id));
  const toggle = (id: string) => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    setHidden(next);
  };
  const place = pointed !== null && pointed < x.length ? pointed : x.length - 1;
  const words = (at: number | undefined) =>
    at === undefined ? '' : `${formatX(at)}${time ? ` ${zoneName(new Date(at))}` : ''}`;
  const value = (at: number | null | undefined) => (at == null ? '–' : format(at));
  const order = time ? x.map((_, i) => x.length - 1 - i) : x.map((_, i) => i);
  const values = useMemo(
    () => series.filter(({ id }) => !hidden.has(id)).map((each) => each.values),
    [series, hidden],
  );
  return (
    <ChartFrame
      {...props}
      figures={{
        columns: [time ? `Time (${zoneName()})` : of, ...named.map(({ name }) => name)],
        rows: order.map((i) => ({
          key: x[i] ?? i,
          cells: [formatX(x[i] ?? 0), ...named.map(({ values }) => value(values[i]))],
        })),
      }}
      legend={
        <ChartLegend
          entries={named.map(({ id, name, tone, values, marked }) => ({
            id,
            name,
            tone,
            swatch: marked ? 'none' : kind === 'lines' ? 'line' : 'bar',
            value: value(values[place]),
          }))}
          hidden={hidden}
          onToggle={named.length > 1 ? toggle : undefined}
          at={`${time ? 'at' : of} ${words(x[place])}`}
        />
      }
    >
      <div className={`h-full ${props.bare ? '' : 'px-2'}`}>
        <Suspense>
          <Plot
            label={`${props.title}; the table view has the numbers`}
            shape={{ kind, time, top, format, formatX, tones: shown.map(({ tone }) => tone) }}
            x={x}
            values={values}
            onPoint={setPointed}
          />
        </Suspense>
      </div>
    </ChartFrame>
  );
}
