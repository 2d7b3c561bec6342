import Button from '@mui/material/Button';
import type { ModelSummary } from '@/shared/api/types';
import type { Wanted } from '../wanted';

/** What a version can become from what it is. */
export function PromoteButtons({ model, onWant }: { model: ModelSummary; onWant: (wanted: Wanted) => void }) {
  const { version, role, refused } = model;
  if (refused || role === 'champion') return null;
  return (
    <span className="inline-flex gap-1">
      {role === null && (
        <Button onClick={() => onWant({ to: 'challenger', version })}>
          Shadow…<span className="sr-only"> with {version}</span>
        </Button>
      )}
      <Button onClick={() => onWant({ to: 'champion', version })}>
        Judge…<span className="sr-only"> with {version}</span>
      </Button>
    </span>
  );
}
