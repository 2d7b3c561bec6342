import { useColorScheme } from '@mui/material/styles';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { plotData, plotOptions } from './plotOptions';
import type { PlotShape } from './shape';

interface Props {
  label: string;
  shape: PlotShape;
  x: readonly number[];
  values: readonly (readonly (number | null)[])[];
  /** Called with the place pointed at, or null. */
  onPoint: (index: number | null) => void;
}

/** The drawing of a LineChart. For those who cannot see it there is the table. */
export default function Plot({ label, shape, x, values, onPoint }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ shape, x, values, onPoint });
  const { mode, systemMode } = useColorScheme();
  const scheme = mode === 'system' ? systemMode : mode;
  const drawn = `${shape.kind} ${shape.tones.join()} ${shape.top}`;

  useEffect(() => {
    latest.current = { shape, x, values, onPoint };
  });
  useEffect(() => plot.current?.setData(plotData(latest.current.shape, x, values)), [x, values]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a canvas takes its colours once, when it is made
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const { shape, x, values } = latest.current;
    const now: PlotShape = {
      ...shape,
      format: (value) => latest.current.shape.format(value),
      formatX: (at) => latest.current.shape.formatX(at),
    };
    const size = () => ({ width: element.clientWidth, height: element.clientHeight });
    const point = (index: number | null) => latest.current.onPoint(index);
    const made = new uPlot(
      { ...plotOptions(now, getComputedStyle(element), point), ...size() },
      plotData(shape, x, values),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [drawn, scheme]);

  return <div ref={holder} role="img" aria-label={label} className="h-full" />;
}
