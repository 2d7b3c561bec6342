import Button from '@mui/material/Button';
import { useQueryClient } from '@tanstack/react-query';
import { useConfiguration } from '@/shared/risk/useConfiguration';
import { TAGGED } from './useTaggedConfiguration';

/** Says when someone else has put another version in force since this one was read. */
export function NewerVersion({ known }: { known: number }) {
  const present = useConfiguration().data;
  const cache = useQueryClient();
  if (!present || present.version <= known) return null;
  return (
    <div
      role="alert"
      className="mb-3 flex flex-wrap items-center gap-3 rounded-sm bg-medium-wash px-3 py-1.5 text-medium"
    >
      <span>
        {present.changed_by} has put version {present.version} in force: {present.reason}
      </span>
      <Button color="inherit" onClick={() => void cache.invalidateQueries({ queryKey: TAGGED })}>
        Load it
      </Button>
    </div>
  );
}
