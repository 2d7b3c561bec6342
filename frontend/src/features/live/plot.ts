import uPlot from 'uplot';
import type { RiskLevel } from '@/shared/api/types';
import { LEVEL } from '@/shared/risk/levels';
import { utcMinute } from '@/shared/time/format';
import { roundUp } from './stack';

function feet(plot: uPlot, series: number): number[] {
  const below = plot.data[series + 1];
  return below ? ([...below] as number[]) : Array.from(plot.data[0], () => 0);
}

export function plotOptions(
  levels: readonly RiskLevel[],
  style: CSSStyleDeclaration,
  onPoint: (index: number | null) => void,
): Omit<uPlot.Options, 'width' | 'height'> {
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const font = `11px ${style.fontFamily}`;
  const axis = {
    stroke: colour('--risk-palette-ink-faint'),
    font,
    ticks: { show: false },
    grid: { stroke: colour('--risk-palette-line-soft'), width: 1 },
  };
  return {
    padding: [10, 18, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    hooks: { setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)] },
    scales: { x: { time: true }, y: { range: (_plot, _min, max) => [0, roundUp(max ?? 1)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 26,
        space: 70,
        values: (_plot, ticks) => ticks.map((tick) => utcMinute(new Date(tick * 1000))),
      },
      {
        ...axis,
        size: 46,
        space: 34,
        values: (_plot, ticks) => ticks.map((tick) => (tick % 1 ? '' : String(tick))),
      },
    ],
    series: [
      {},
      ...levels.map((level) => ({
        fill: colour(LEVEL[level].variable),
        width: 0,
        paths: uPlot.paths.bars?.({
          size: [0.72, 24],
          align: 1,
          disp: {
            y0: { unit: 1, values: (plot, series) => feet(plot, series) },
            y1: { unit: 1, values: (plot, series) => [...(plot.data[series] ?? [])] as number[] },
          },
        }),
        points: { show: false },
      })),
    ] as uPlot.Series[],
  };
}
