import { useRef } from 'react';
import { TONE } from '@/shared/charts/tones';
import { useWidth } from '@/shared/ui/useWidth';
import type { Curve } from './reliability';

const LEFT = 44;
const TOP = 8;
const BOTTOM = 34;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** The curves themselves, in a square. For those who cannot see them there is the table. */
export function ReliabilityPlot({ curves, height }: { curves: readonly Curve[]; height: number }) {
  const holder = useRef<HTMLDivElement>(null);
  const width = useWidth(holder);
  const side = Math.max(1, Math.min(width - LEFT - 12, height - TOP - BOTTOM));
  const left = LEFT + Math.max(0, (width - LEFT - 12 - side) / 2);
  const x = (value: number) => left + value * side;
  const y = (value: number) => TOP + (1 - value) * side;
  return (
    <div ref={holder} style={{ height }}>
      <svg
        role="img"
        aria-label="Reliability diagram; the table view has the numbers"
        width={width}
        height={height}
        className="block text-2xs"
      >
        {TICKS.map((tick) => (
          <g key={tick}>
            <line x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} className="stroke-line" />
            <text x={x(0) - 6} y={y(tick)} dy="0.32em" textAnchor="end" className="fill-faint tabular-nums">
              {tick * 100} %
            </text>
            <text x={x(tick)} y={y(0) + 14} textAnchor="middle" className="fill-faint tabular-nums">
              {tick * 100} %
            </text>
          </g>
        ))}
        <text x={x(1)} y={y(0) + 29} textAnchor="end" className="fill-faint">
          predicted
        </text>
        <text x={x(0) + 6} y={y(1) + 10} className="fill-faint">
          came true
        </text>
        <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} strokeDasharray="3 3" className="stroke-control" />
        {curves.map(({ id, tone, points }) => (
          <g key={id}>
            <polyline
              points={points.map(({ predicted, observed }) => `${x(predicted)},${y(observed)}`).join(' ')}
              fill="none"
              stroke={`var(${TONE[tone].variable})`}
              strokeWidth="1.75"
              strokeDasharray={TONE[tone].dash.join(' ')}
            />
            {points.map(({ lower, predicted, observed }) => (
              <circle
                key={lower}
                cx={x(predicted)}
                cy={y(observed)}
                r="3.5"
                strokeWidth="1.5"
                stroke={`var(${TONE[tone].variable})`}
                className={id === 'training' ? 'fill-panel' : TONE[tone].fill}
              />
            ))}
          </g>
        ))}
      </svg>
    </div>
  );
}
