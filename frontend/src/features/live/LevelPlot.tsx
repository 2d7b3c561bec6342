import { useColorScheme } from '@mui/material/styles';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { RiskLevel } from '@/shared/api/types';
import type { Minute } from './minutes';
import { plotOptions } from './plot';
import { stack } from './stack';

interface Props {
  minutes: readonly Minute[];
  /** From the top of the stack to the bottom. */
  levels: readonly RiskLevel[];
  /** Called with the index of the minute pointed at, or null. */
  onPoint: (index: number | null) => void;
}

/** The bars themselves. For those who cannot see them there is the table. */
export function LevelPlot({ minutes, levels, onPoint }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ minutes, onPoint });
  const { mode, systemMode } = useColorScheme();
  const scheme = mode === 'system' ? systemMode : mode;
  const shown = levels.join();

  useEffect(() => {
    latest.current = { minutes, onPoint };
    plot.current?.setData(stack(minutes, levels));
  }, [minutes, levels, onPoint]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a canvas takes its colours once, when it is made
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const asked = shown.split(',').filter(Boolean) as RiskLevel[];
    const size = () => ({ width: element.clientWidth, height: element.clientHeight });
    const made = new uPlot(
      {
        ...plotOptions(asked, getComputedStyle(element), (index) => latest.current.onPoint(index)),
        ...size(),
      },
      stack(latest.current.minutes, asked),
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
  }, [shown, scheme]);

  return (
    <div
      ref={holder}
      role="img"
      aria-label="Stacked bars; the table view has the numbers"
      className="h-full"
    />
  );
}
