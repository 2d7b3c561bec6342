import Button from '@mui/material/Button';
import { useState } from 'react';
import { type PackSummary, usePacks } from '@/shared/packs/usePacks';
import { useMay } from '@/shared/session/useMay';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { Tag } from '@/shared/ui/Tag';
import { Card, Pane } from '../Pane';
import { InstallDialog } from './InstallDialog';
import { OutcomeList } from './OutcomeList';
import { type PackOutcome, usePackActions } from './usePackActions';

/** What packs there are, and what each brings; installed, upgraded and removed as a whole. */
export default function PacksSection() {
  const packs = usePacks();
  const may = useMay('packs:manage');
  const { remove } = usePackActions();
  const [installed, setInstalled] = useState<PackSummary>();
  const [removed, setRemoved] = useState<PackSummary>();
  const [outcome, setOutcome] = useState<PackOutcome>();
  const onDone = (found: PackOutcome) => {
    setOutcome(found);
    setInstalled(undefined);
    setRemoved(undefined);
  };
  return (
    <Pane
      title="Packs"
      about="Event types, definitions, rules, lists and documents of a domain, installed together. What others made is left alone."
    >
      <div className="min-h-0 flex-1 overflow-y-auto">
        {packs.error && !packs.data && (
          <ProblemNotice error={packs.error} onRetry={() => void packs.refetch()} />
        )}
        {packs.isPending && <SkeletonLines lines={6} />}
        <div aria-live="polite">{outcome && <OutcomeList outcome={outcome} />}</div>
        {packs.data?.items.map((pack) => (
          <Card key={pack.name} title={pack.title}>
            <p className="max-w-3xl text-muted">{pack.description}</p>
            <p className="my-2 flex flex-wrap items-center gap-x-3 gap-y-1">
              {pack.installed_version === null ? (
                <Tag>Not installed</Tag>
              ) : (
                <Tag look="good">Version {pack.installed_version} installed</Tag>
              )}
              <span>{contents(pack)}</span>
            </p>
            {may && (
              <span className="flex gap-2">
                <Button variant="contained" onClick={() => setInstalled(pack)}>
                  {pack.installed_version === null ? 'Install' : 'Install again'} {pack.title}…
                </Button>
                {pack.installed_version !== null && (
                  <Button color="error" onClick={() => setRemoved(pack)}>
                    Remove {pack.title}…
                  </Button>
                )}
              </span>
            )}
          </Card>
        ))}
      </div>
      {installed && (
        <InstallDialog pack={installed} onClose={() => setInstalled(undefined)} onDone={onDone} />
      )}
      {removed && (
        <ConfirmDialog
          title={`Remove the pack ${removed.title}`}
          action="Remove"
          grave
          busy={remove.isPending}
          error={remove.error}
          onClose={() => {
            remove.reset();
            setRemoved(undefined);
          }}
          onConfirm={() => remove.mutate(removed.name, { onSuccess: onDone })}
        >
          <p>Its rules and definitions are archived, and lists that others added to are kept.</p>
        </ConfirmDialog>
      )}
    </Pane>
  );
}

const WORDS: Record<string, string> = {
  event_types: 'event types',
  definitions: 'definitions',
  rules: 'rules',
  lists: 'lists',
  knowledge: 'documents',
};

const contents = (pack: PackSummary) =>
  Object.entries(pack.contents)
    .filter(([, number]) => number > 0)
    .map(([part, number]) => `${number} ${WORDS[part] ?? part}`)
    .join(', ');
