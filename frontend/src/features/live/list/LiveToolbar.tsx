import Button from '@mui/material/Button';
import type { RiskLevel } from '@/shared/api/types';
import { LevelMark } from '@/shared/risk/scores/LevelMark';
import { LEVEL, LEVELS } from '@/shared/risk/scores/levels';
import { Segments } from '@/shared/ui/fields/Segments';
import { Icon } from '@/shared/ui/Icon';
import { ListState } from './ListState';

const OPTIONS = LEVELS.map((level) => ({
  value: level,
  label:
    level === 'LOW' ? (
      'All'
    ) : (
      <>
        <LevelMark level={level} size={11} />
        <span>
          {LEVEL[level].word}
          {level !== 'CRITICAL' && <span aria-hidden="true">+</span>}
          {level !== 'CRITICAL' && <span className="sr-only"> and above</span>}
        </span>
      </>
    ),
}));

interface Props {
  level: RiskLevel;
  onLevel: (level: RiskLevel) => void;
  paused: boolean;
  onPaused: (paused: boolean) => void;
  held: boolean;
}

export function LiveToolbar({ level, onLevel, paused, onPaused, held }: Props) {
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2">
      <h2 id="list-title" className="font-semibold">
        As they are scored
      </h2>
      <span className="max-sm:order-last">
        <Segments label="Lowest level shown" value={level} options={OPTIONS} onChange={onLevel} />
      </span>
      <span className="ml-auto flex items-center gap-3">
        <ListState paused={paused} held={held} />
        <Button
          variant="outlined"
          color="inherit"
          aria-pressed={paused}
          startIcon={<Icon name={paused ? 'play' : 'pause'} size={13} />}
          onClick={() => onPaused(!paused)}
          sx={{ width: 92, borderColor: 'divider' }}
        >
          {paused ? 'Resume' : 'Pause'}
        </Button>
      </span>
    </header>
  );
}
