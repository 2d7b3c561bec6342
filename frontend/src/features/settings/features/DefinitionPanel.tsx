import Button from '@mui/material/Button';
import { lazy, Suspense, useState } from 'react';
import { count } from '@/shared/format/number';
import { useMay } from '@/shared/session/useMay';
import { Moment } from '@/shared/time/Moment';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { Fact, Facts } from '@/shared/ui/panels/Facts';
import { Section } from '@/shared/ui/panels/Section';
import { SidePanel } from '@/shared/ui/panels/SidePanel';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { StatusTag } from './columns';
import { DefinitionDialog } from './DefinitionDialog';
import { inWords, type Move, movesFrom } from './definition';
import { useDefinition, useDefinitionActions } from './useDefinitions';

const WhyDialog = lazy(() => import('@/shared/ui/dialogs/WhyDialog'));

/** One feature: what it computes, how far its backfill is, and the way through its life. */
export function DefinitionPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, refetch } = useDefinition(id);
  const { move, rollBack } = useDefinitionActions(id, data?.etag);
  const mayDraft = useMay('rules:draft');
  const mayPromote = useMay('rules:promote');
  const [asked, setAsked] = useState<Move | 'back' | 'edit'>();
  const close = () => {
    setAsked(undefined);
    move.reset();
    rollBack.reset();
  };
  if (!data) {
    return (
      <SidePanel title="Feature" onClose={onClose}>
        {error ? <ProblemNotice error={error} onRetry={() => void refetch()} /> : <SkeletonLines lines={6} />}
      </SidePanel>
    );
  }
  const found = data.data;
  const [newest] = found.versions;
  const status = newest?.status ?? 'draft';
  const waiting = status === 'backfilled' && !newest?.backfill;
  const done = { onSuccess: close };
  return (
    <SidePanel title={`features.${found.name}`} onClose={onClose}>
      <Facts>
        <Fact name="State">
          <StatusTag status={found.status} />
        </Fact>
        <Fact name="Computes">{inWords(found.latest)}</Fact>
        {found.latest.filter && (
          <Fact name="Only where">
            <code className="font-mono text-xs">{found.latest.filter}</code>
          </Fact>
        )}
        <Fact name="Meaning">
          {found.latest.meaning} ({found.latest.unit})
        </Fact>
      </Facts>
      <div className="my-3 flex flex-wrap gap-2">
        {mayDraft && !found.stage.archived && <Button onClick={() => setAsked('edit')}>Change…</Button>}
        {mayPromote &&
          movesFrom(status).map((each) => (
            <Button
              key={each.to}
              variant="outlined"
              disabled={each.to === 'live' && waiting}
              onClick={() => setAsked(each)}
            >
              {each.name}…
            </Button>
          ))}
        {mayPromote && found.stages[0]?.back_to != null && (
          <Button color="inherit" onClick={() => setAsked('back')}>
            Undo last change…
          </Button>
        )}
      </div>
      <Section title="Versions">
        <ul className="flex flex-col gap-2">
          {found.versions.map((one) => (
            <li key={one.version}>
              Version {one.version} <StatusTag status={one.status} />
              <span className="block text-xs text-muted">
                {inWords(one)}; by {one.created_by}, <Moment at={one.created_at} />
              </span>
              {one.status === 'backfilled' && !one.backfill && (
                <span role="status" className="block text-xs text-muted">
                  The engine computes it over the stored events…
                </span>
              )}
              {one.backfill && (
                <span className="block text-xs text-muted">
                  Backfilled over {count(one.backfill.events)} events: {count(one.backfill.keys)} keys,{' '}
                  {count(one.backfill.bytes)} bytes
                </span>
              )}
            </li>
          ))}
        </ul>
      </Section>
      <Section title="History">
        <ul className="text-xs text-muted">
          {found.stages.map((one) => (
            <li key={one.number}>
              <Moment at={one.changed_at} /> {one.changed_by}: {one.reason}
            </li>
          ))}
        </ul>
      </Section>
      {asked === 'edit' && (
        <DefinitionDialog definition={found} etag={data.etag} onClose={close} onSaved={close} />
      )}
      {asked && asked !== 'edit' && (
        <Suspense>
          <WhyDialog
            title={
              asked === 'back' ? 'Undo the last change' : `${asked.name}: version ${newest?.version ?? 1}`
            }
            confirm={asked === 'back' ? 'Undo' : asked.name}
            busy={move.isPending || rollBack.isPending}
            error={move.error ?? rollBack.error}
            onClose={close}
            onConfirm={(reason) =>
              asked === 'back'
                ? rollBack.mutate(reason, done)
                : move.mutate({ to: asked.to, version: newest?.version ?? 1, reason }, done)
            }
          >
            The engine follows within a second.
          </WhyDialog>
        </Suspense>
      )}
    </SidePanel>
  );
}
