import type { RuleDefinition } from '@/shared/api/types';
import { LevelMark } from '@/shared/risk/scores/LevelMark';
import { effectWord } from './words';

/** What a hit does. */
export function EffectName({ effect }: { effect: Pick<RuleDefinition, 'points' | 'min_level'> }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      {effect.min_level && <LevelMark level={effect.min_level} size={11} />}
      {effectWord(effect)}
    </span>
  );
}
