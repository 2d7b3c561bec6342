import Button from '@mui/material/Button';
import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import { useMay } from '@/shared/session/useMay';
import { Icon } from '@/shared/ui/Icon';
import type { ExportFormat } from './exportFormat';

const ExportMenu = lazy(() => import('./ExportMenu'));

/** Saves what is listed as a file. Whose role does not allow it sees that it is so. */
export function ExportButton({ save }: { save: (format: ExportFormat) => Promise<void> }) {
  const may = useMay('data:export');
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [used, setUsed] = useState(false);
  const saving = useMutation({ mutationFn: save });
  return (
    <>
      <span title={may ? undefined : 'Your role does not allow exports: an analyst or an administrator can'}>
        <Button
          variant="outlined"
          color="inherit"
          disabled={!may}
          loading={saving.isPending}
          loadingPosition="start"
          aria-haspopup="menu"
          aria-expanded={anchor !== null}
          startIcon={<Icon name="download" size={14} />}
          onClick={(event) => {
            setUsed(true);
            setAnchor(event.currentTarget);
          }}
        >
          Export
        </Button>
      </span>
      {used && (
        <Suspense>
          <ExportMenu
            anchor={anchor}
            onClose={() => setAnchor(null)}
            onChoose={(format) => {
              setAnchor(null);
              saving.mutate(format);
            }}
          />
        </Suspense>
      )}
      {saving.error && (
        <span role="alert" className="w-full text-critical">
          {asProblem(saving.error).title}. {asProblem(saving.error).detail}
        </span>
      )}
    </>
  );
}
