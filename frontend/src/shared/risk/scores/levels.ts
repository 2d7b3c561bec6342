import type { RiskLevel } from '@/shared/api/types';

export const LEVELS = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const satisfies readonly RiskLevel[];
/** From most to least risky: how people read them. */
export const LEVELS_DOWN = [...LEVELS].reverse();

interface LevelStyle {
  word: string;
  text: string;
  mark: string;
  fill: string;
  wash: string;
  /** Of the colour that a canvas draws with. */
  variable: string;
}

const style = (word: string, text: string, mark: string, fill: string, wash: string): LevelStyle => ({
  word,
  text,
  mark,
  fill,
  wash,
  variable: `--risk-palette-level-${word.toLowerCase()}-mark`,
});

export const LEVEL: Record<RiskLevel, LevelStyle> = {
  LOW: style('Low', 'text-low', 'text-low-mark', 'bg-low-mark', 'bg-low-wash'),
  MEDIUM: style('Medium', 'text-medium', 'text-medium-mark', 'bg-medium-mark', 'bg-medium-wash'),
  HIGH: style('High', 'text-high', 'text-high-mark', 'bg-high-mark', 'bg-high-wash'),
  CRITICAL: style('Critical', 'text-critical', 'text-critical-mark', 'bg-critical-mark', 'bg-critical-wash'),
};

export function isLevel(value: unknown): value is RiskLevel {
  return LEVELS.includes(value as RiskLevel);
}
