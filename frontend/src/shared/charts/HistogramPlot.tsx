import { useRef } from 'react';
import { useWidth } from '@/shared/ui/useWidth';
import type { Bin, Mark } from './bins';
import { apart, shownLabels, textWidth } from './labels';
import { evenScale, tensScale } from './scale';
import { TONE, type Tone } from './tones';

interface Props {
  label: string;
  of: string;
  bins: readonly Bin[];
  tones: readonly Tone[];
  marks: readonly Mark[];
  tens: boolean;
  height: number;
  format: (value: number) => string;
  formatEdge: (edge: number) => string;
  pointed: number | null;
  onPoint: (index: number | null) => void;
}

const LEFT = 46;
const TOP = 16;
const BOTTOM = 30;
const EDGES = 6;

/** The bars themselves. */
export function HistogramPlot(props: Props) {
  const { bins, tones, marks, tens, height, format, formatEdge, pointed, onPoint } = props;
  const holder = useRef<HTMLDivElement>(null);
  const width = useWidth(holder);
  const first = bins[0]?.from ?? 0;
  const last = bins.at(-1)?.to ?? 1;
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const scale = (tens ? tensScale : evenScale)(Math.max(...bins.map(({ values }) => sum(values)), 0));
  const right = Math.max(LEFT + 1, width - 8);
  const foot = height - BOTTOM;
  const x = (at: number) => LEFT + ((at - first) / (last - first || 1)) * (right - LEFT);
  const y = (value: number) => foot - scale.at(value) * (foot - TOP);
  const every = Math.max(1, Math.ceil(bins.length / EDGES));
  const edges = [...bins.filter((_, i) => i % every === 0).map(({ from }) => from), last];
  const marked = marks.filter(({ at }) => at >= first && at <= last);
  const middles = apart(
    marked.map(({ at, label }) => ({ at: x(at), width: textWidth(label) })),
    LEFT,
    right,
  );
  const widths = edges.map((edge) => textWidth(formatEdge(edge)));
  const edgeMiddles = edges.map((edge, i) => Math.min(x(edge), width - (widths[i] ?? 0) / 2));
  const shownEdges = shownLabels(edgeMiddles.map((at, i) => ({ at, width: widths[i] ?? 0 })));
  return (
    <div ref={holder} style={{ height }}>
      <svg role="img" aria-label={props.label} width={width} height={height} className="block text-2xs">
        {scale.ticks.map((tick) => (
          <g key={tick}>
            <line x1={LEFT} x2={right} y1={y(tick)} y2={y(tick)} className="stroke-line" />
            <text x={LEFT - 6} y={y(tick)} dy="0.32em" textAnchor="end" className="fill-faint tabular-nums">
              {format(tick)}
            </text>
          </g>
        ))}
        {bins.map((bin, index) => (
          <g key={bin.from} onPointerEnter={() => onPoint(index)} onPointerLeave={() => onPoint(null)}>
            <rect
              x={x(bin.from)}
              y={TOP}
              width={x(bin.to) - x(bin.from)}
              height={foot - TOP}
              className={pointed === index ? 'fill-hover' : 'fill-transparent'}
            />
            {tones.map((tone, i) => {
              const value = bin.values[i] ?? 0;
              if (value <= 0) return null;
              // The whole bar is as tall as its sum says; each part has its share of it, also on an axis of tens.
              const whole = Math.max(1, foot - y(sum(bin.values)));
              const share = (parts: readonly number[]) => (whole * sum(parts)) / sum(bin.values);
              const tall = share([value]);
              const below = share(bin.values.slice(0, i));
              return (
                <rect
                  // biome-ignore lint/suspicious/noArrayIndexKey: a part belongs to the series of its place
                  key={i}
                  x={x(bin.from) + 0.75}
                  y={foot - below - tall}
                  width={Math.max(1, x(bin.to) - x(bin.from) - 1.5)}
                  height={tall}
                  className={TONE[tone].fill}
                />
              );
            })}
          </g>
        ))}
        {marked.map(({ at, label }, i) => (
          <g key={label} className="pointer-events-none">
            <line
              x1={x(at)}
              x2={x(at)}
              y1={TOP - 4}
              y2={foot}
              strokeDasharray="3 3"
              className="stroke-strong"
            />
            <text x={middles[i]} y={TOP - 6} textAnchor="middle" className="fill-muted font-medium">
              {label}
            </text>
          </g>
        ))}
        {edges.map(
          (edge, i) =>
            shownEdges[i] && (
              <text
                key={edge}
                x={edgeMiddles[i]}
                y={foot + 13}
                textAnchor="middle"
                className="fill-faint tabular-nums"
              >
                {formatEdge(edge)}
              </text>
            ),
        )}
        <text x={right} y={height - 4} textAnchor="end" className="fill-faint">
          {props.of}
        </text>
      </svg>
    </div>
  );
}
