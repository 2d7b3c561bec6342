import type { AssessmentSummary } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { LevelMark } from '@/shared/risk/scores/LevelMark';
import { NewPill } from '@/shared/ui/notices/NewPill';

/** Says what has come while the list was held, and shows it when asked. */
export function NewRows({ rows, onShow }: { rows: readonly AssessmentSummary[]; onShow: () => void }) {
  const critical = rows.filter((row) => row.level === 'CRITICAL').length;
  return (
    <NewPill onShow={onShow}>
      {count(rows.length)} new
      {critical > 0 && (
        <span className="flex items-center gap-1 rounded-xs bg-panel px-1.5 text-xs text-critical">
          <LevelMark level="CRITICAL" size={11} />
          {count(critical)} critical
        </span>
      )}
    </NewPill>
  );
}
