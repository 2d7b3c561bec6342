import type { Contributions } from '@/shared/api/types';

/** One bar: from where the sum stood before it, to where it stands after. */
export interface Stair {
  key: string;
  name: string;
  kind: 'base' | 'feature' | 'rule' | 'rest' | 'total';
  /** Log-odds that it added; of base and total, where they stand. */
  points: number;
  from: number;
  to: number;
  /** The feature's value, with its unit. */
  value: number | null;
  unit: string | null;
}

export const MOST_STAIRS = 8;

/** From the average event to the score: the most telling parts each by itself, the others as one. */
export function stairs({ base, exact, parts, total }: Contributions, most = MOST_STAIRS): Stair[] {
  const told = parts.length <= most + 1 ? parts : parts.slice(0, most);
  const others = parts.slice(told.length);
  const none = { value: null, unit: null };
  const found: Stair[] = [
    {
      key: 'base',
      kind: 'base',
      name: exact ? 'An average event' : 'All that is not told here',
      points: base,
      from: 0,
      to: base,
      ...none,
    },
  ];
  let sum = base;
  for (const part of told) {
    found.push({
      key: `${part.kind} ${part.name}`,
      kind: part.kind,
      name: part.text,
      points: part.points,
      from: sum,
      to: sum + part.points,
      value: part.value,
      unit: part.unit,
    });
    sum += part.points;
  }
  const rest = total - sum;
  if (others.length > 0 || Math.abs(rest) > 0.005) {
    const name =
      others.length > 0 ? `${others.length} smaller ones together` : 'Rounding, and bounds of the score';
    found.push({ key: 'rest', kind: 'rest', name, points: rest, from: sum, to: total, ...none });
  }
  found.push({ key: 'total', kind: 'total', name: 'This event', points: total, from: 0, to: total, ...none });
  return found;
}

/** The probability with these log-odds. */
export const probability = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));
