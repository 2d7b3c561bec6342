import type { RuleDefinition, RuleStatus, RuleSummary } from '@/shared/api/types';
import { LEVEL } from '@/shared/risk/scores/levels';

export const STATUS_WORD: Record<RuleStatus, string> = {
  draft: 'Draft',
  shadow: 'Shadow',
  live: 'Live',
  archived: 'Archived',
};

export const STATUS_MEANING: Record<RuleStatus, string> = {
  draft: 'It does nothing yet.',
  shadow: 'Its hits are counted and change nothing.',
  live: 'Its hits change scores.',
  archived: 'It does nothing any more.',
};

const points = new Intl.NumberFormat(undefined, { signDisplay: 'always', maximumFractionDigits: 2 });

type Effect = Pick<RuleDefinition, 'points' | 'min_level'>;

/** What a hit does, in a few words. */
export function effectWord({ points: given, min_level: level }: Effect): string {
  return level ? `At least ${LEVEL[level].word}` : `${points.format(given ?? 0)} log-odds`;
}

/** For sorting: how much a hit does. A least level does more than any points. */
export function effectSize({ points: given, min_level: level }: Effect): number {
  return level ? 100 + ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'].indexOf(level) : (given ?? 0);
}

/** Where the versions of a rule stand: `v2 live at 10 %, v3 in shadow`. */
export function stageWords({ stage, latest }: Pick<RuleSummary, 'stage' | 'latest'>): string {
  if (stage.archived) return 'Archived';
  const parts = [
    stage.live_version && `v${stage.live_version} live at ${stage.percent} %`,
    stage.shadow_version && `v${stage.shadow_version} in shadow`,
    ![stage.live_version, stage.shadow_version].includes(latest.version) && `v${latest.version} a draft`,
  ].filter(Boolean);
  return parts.join(', ');
}

const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumSignificantDigits: 2 });
const whole = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });

/** A share in percent: two digits below 10 %, whole ones above. */
export const share = (value: number): string => (value < 0.1 ? percent : whole).format(value);

/** `part` of `of`, or a dash when there is nothing to measure it by. */
export const shareOf = (part: number, of: number): string => (of > 0 ? share(part / of) : '–');
