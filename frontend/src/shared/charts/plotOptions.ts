import uPlot from 'uplot';
import { distinct } from './labels';
import { axisEnd, roundUp, withLastBar } from './scale';
import type { PlotShape } from './shape';
import { stack } from './stack';
import { TONE, type Tone } from './tones';

const SECOND = 1000;

/** As uPlot wants it: times in seconds, and bars by their tops. */
export function plotData(
  shape: PlotShape,
  x: readonly number[],
  values: readonly (readonly (number | null)[])[],
): uPlot.AlignedData {
  const along = shape.time ? x.map((at) => at / SECOND) : [...x];
  return [along, ...(shape.kind === 'stacked' ? stack(values) : values)] as uPlot.AlignedData;
}

export function plotOptions(
  shape: PlotShape,
  style: CSSStyleDeclaration,
  onPoint: (index: number | null) => void,
): Omit<uPlot.Options, 'width' | 'height'> {
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--risk-palette-ink-faint'),
    font: `11px ${style.fontFamily}`,
    ticks: { show: false },
    grid: { stroke: colour('--risk-palette-line-soft'), width: 1 },
  };
  const round = shape.kind === 'stacked' ? roundUp : axisEnd;
  return {
    // Half of the widest label of the axis below, so that the last is not cut.
    padding: [10, 34, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    hooks: { setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)] },
    scales: {
      x: {
        time: shape.time,
        ...(shape.kind === 'stacked' && {
          range: (plot: uPlot, least: number, most: number) => withLastBar(plot.data[0], least, most),
        }),
      },
      y: { range: (_plot, _min, max) => [0, shape.top ?? round(max ?? 1)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 26,
        space: 70,
        values: (_plot, at) => distinct(at.map((tick) => shape.formatX(shape.time ? tick * SECOND : tick))),
      },
      {
        ...axis,
        size: 50,
        space: 34,
        values: (_plot, at) =>
          at.map((tick) => (shape.kind === 'stacked' && tick % 1 ? '' : shape.format(tick))),
      },
    ],
    series: [
      {},
      ...shape.tones.map((tone) =>
        shape.kind === 'stacked'
          ? bars(colour(TONE[tone].variable))
          : line(tone, colour(TONE[tone].variable)),
      ),
    ],
  };
}

function line(tone: Tone, colour: string): uPlot.Series {
  return { stroke: colour, width: 1.75, dash: TONE[tone].dash, points: { size: 5, fill: colour } };
}

function bars(colour: string): uPlot.Series {
  const paths = uPlot.paths.bars?.({
    size: [0.72, 24],
    align: 1,
    disp: {
      y0: { unit: 1, values: (plot, series) => feet(plot, series) },
      y1: { unit: 1, values: (plot, series) => [...(plot.data[series] ?? [])] as number[] },
    },
  });
  return { fill: colour, width: 0, points: { show: false }, ...(paths && { paths }) };
}

function feet(plot: uPlot, series: number): number[] {
  const below = plot.data[series + 1];
  return below ? ([...below] as number[]) : Array.from(plot.data[0], () => 0);
}
