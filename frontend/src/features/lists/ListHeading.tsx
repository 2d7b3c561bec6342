import Button from '@mui/material/Button';
import { lazy, Suspense, useState } from 'react';
import type { Tagged } from '@/shared/api/client';
import type { StoredList } from '@/shared/api/types';
import { useMay } from '@/shared/session/useMay';
import { Age } from '@/shared/time/Age';
import { CopyText } from '@/shared/ui/CopyText';
import { PurposeName } from './PurposeName';
import { useRemoveList } from './useRemoveList';
import { question, subjectOf } from './words';

const ListDialog = lazy(() => import('./ListDialog'));
const WhyDialog = lazy(() => import('@/shared/ui/dialogs/WhyDialog'));

interface Props extends Tagged<StoredList> {
  onClose: (() => void) | undefined;
  onGone: () => void;
}

/** What a list is for, and how rules ask for it. */
export function ListHeading({ data: list, etag, onClose, onGone }: Props) {
  const mayManage = useMay('lists:manage');
  const [asked, setAsked] = useState<'edit' | 'remove' | null>(null);
  const remove = useRemoveList(list.name);
  return (
    <header className="shrink-0 border-b border-line px-4 py-3">
      {onClose && (
        <button
          type="button"
          onClick={onClose}
          className="mb-1 text-xs text-accent underline underline-offset-2"
        >
          All lists
        </button>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h2 className="font-mono text-md font-semibold">{list.name}</h2>
        <PurposeName purpose={list.purpose} />
        <span className="text-muted">{subjectOf(list.subject)?.word}</span>
        {mayManage && (
          <span className="ml-auto flex gap-1">
            <Button onClick={() => setAsked('edit')}>What it is for…</Button>
            <Button color="error" onClick={() => setAsked('remove')}>
              Remove list…
            </Button>
          </span>
        )}
      </div>
      <p className={`mt-0.5 ${list.description ? 'text-muted' : 'text-faint'}`}>
        {list.description || 'Nobody has said what it is for.'}
      </p>
      <p className="mt-0.5 flex flex-wrap items-center gap-x-3 text-xs text-faint">
        <span>
          Made <Age at={list.created_at} suffix=" ago" /> by {list.created_by}
        </span>
        <CopyText text={question(list)} label="how a rule asks for it" />
      </p>
      <Suspense>
        {asked === 'edit' && (
          <ListDialog list={list} etag={etag} onDone={() => setAsked(null)} onClose={() => setAsked(null)} />
        )}
        {asked === 'remove' && (
          <WhyDialog
            title={`Remove the list ${list.name}`}
            confirm="Remove the list"
            busy={remove.isPending}
            error={remove.error}
            onConfirm={(reason) => remove.mutate(reason, { onSuccess: onGone })}
            onClose={() => setAsked(null)}
          >
            With all that is on it. A rule that is live or in shadow and asks for it keeps it here.
          </WhyDialog>
        )}
      </Suspense>
    </header>
  );
}
