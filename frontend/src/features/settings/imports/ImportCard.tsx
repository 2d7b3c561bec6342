import Button from '@mui/material/Button';
import { useState } from 'react';
import type { ImportDetail } from '@/shared/api/types';
import { Age } from '@/shared/time/Age';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { Refused } from '@/shared/ui/notices/Refused';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { Card } from '../Pane';
import { MappingForm } from './MappingForm';
import { Preview } from './Preview';
import { ProgressBar } from './ProgressBar';
import { useImport, useImportActions } from './useImports';
import { canUndo, outcome, STATUS, size, stage, wasStarted } from './words';

/** One import: its preview and mapping, how far it is, or what came of it. */
export function ImportCard({ id }: { id: number }) {
  const found = useImport(id);
  if (found.error) return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <SkeletonLines lines={6} />;
  return (
    <Card title={found.data.name}>
      <Body of={found.data} />
    </Card>
  );
}

function Body({ of }: { of: ImportDetail }) {
  const { start, undo, refused } = useImportActions(of.id);
  const [asking, setAsking] = useState(false);
  const running = of.status === 'running' || of.status === 'undoing';
  const { words, share } = stage(of);
  return (
    <div className="flex flex-col gap-3">
      <p className="flex flex-wrap gap-x-3 text-muted">
        <span className={of.status === 'failed' ? 'font-medium text-critical' : 'font-medium text-strong'}>
          {STATUS[of.status]}
        </span>
        {of.size > 0 && <span>{size(of.size)}</span>}
        <span>
          <Age at={of.created_at} suffix=" ago" /> by {of.created_by}
        </span>
        {of.undone_by && <span>taken back by {of.undone_by}</span>}
      </p>
      <Refused error={start.error ?? refused.error} />
      {of.detail && (
        <p role="alert" className="text-critical">
          {of.detail}
        </p>
      )}
      {of.status === 'uploaded' && <SkeletonLines lines={4} />}
      {of.status === 'planned' && of.preview && (
        <>
          <Preview of={of.preview} />
          <MappingForm key={JSON.stringify(of.reading)} of={of} preview={of.preview} />
        </>
      )}
      {running && (
        <div className="flex flex-col gap-1.5">
          <p>{words}</p>
          <ProgressBar label={words} share={share} />
        </div>
      )}
      {(of.status === 'done' || of.status === 'failed') && <p>{outcome(of)}</p>}
      <div className="flex flex-wrap gap-2">
        {of.status === 'planned' && (
          <Button
            variant="contained"
            disabled={start.isPending || !of.preview || of.preview.error != null}
            onClick={() => start.mutate()}
          >
            Start the import
          </Button>
        )}
        {of.uploaded && of.refused > 0 && of.status !== 'undone' && (
          <Button variant="outlined" disabled={refused.isPending} onClick={() => refused.mutate()}>
            Download refused rows
          </Button>
        )}
        {canUndo(of.status) && (
          <Button color="error" onClick={() => setAsking(true)}>
            {wasStarted(of.status) ? 'Take it back…' : 'Give it up…'}
          </Button>
        )}
      </div>
      {asking && (
        <ConfirmDialog
          title={wasStarted(of.status) ? `Take ${of.name} back` : `Give ${of.name} up`}
          action={wasStarted(of.status) ? 'Take it back' : 'Give it up'}
          grave
          busy={undo.isPending}
          error={undo.error}
          onClose={() => setAsking(false)}
          onConfirm={() => undo.mutate(undefined, { onSuccess: () => setAsking(false) })}
        >
          {wasStarted(of.status)
            ? 'Its events and labels are deleted, and profiles become as if it had never been. The engine reads nothing meanwhile; what happens waits.'
            : 'Nothing of it was loaded. Its file is not read.'}
        </ConfirmDialog>
      )}
    </div>
  );
}
