import Button from '@mui/material/Button';
import { type Dispatch, lazy, Suspense } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { RuleDetail } from '@/shared/api/types';
import { useMay } from '@/shared/session/useMay';
import { UnsavedGuard } from '@/shared/ui/dialogs/UnsavedGuard';
import { announce } from '@/shared/ui/notices/Announcer';
import { Refused } from '@/shared/ui/notices/Refused';
import { Card } from '../Card';
import { Definition } from './Definition';
import { type DraftChange, type DraftState, isChanged, toDefinition } from './draft';
import { useCheck } from './useCheck';
import { useSaveRule } from './useSaveRule';

const NewerVersion = lazy(() => import('./NewerVersion'));

interface Props {
  rule: RuleDetail;
  state: DraftState;
  onChange: Dispatch<DraftChange>;
}

/** The newest version, to read or to make the next one from. */
export function RuleEditor({ rule, state, onChange }: Props) {
  const readOnly = !useMay('rules:draft') || rule.stage.archived;
  const { draft, version } = state;
  const { check } = useCheck(draft.expression, draft.reasonText);
  const save = useSaveRule(rule.id, version);
  const changed = isChanged(state);
  const newer = rule.latest.version > version;
  const refused = save.error ? asProblem(save.error) : null;
  const begin = () => {
    save.reset();
    onChange({ type: 'began', version: rule.latest.version, definition: rule.latest });
  };
  const submit = () =>
    save.mutate(toDefinition(draft), {
      onSuccess: ({ data: { latest } }) => {
        announce(`Saved as version ${latest.version}`);
        onChange({ type: 'began', version: latest.version, definition: latest });
      },
    });
  return (
    <Card
      title="Definition"
      aside={
        <span className="text-xs text-faint">
          Version {version}
          {changed && !readOnly && ', edited'}
        </span>
      }
    >
      <UnsavedGuard unsaved={changed && !readOnly} what="The definition and its texts" />
      {newer && (
        <Suspense>
          <NewerVersion rule={rule} draft={draft} changed={changed} onBegin={begin} />
        </Suspense>
      )}
      {!newer && refused && refused.fields.length === 0 && <Refused error={save.error} />}
      {rule.stage.archived && (
        <p className="mb-3 text-muted">It is archived. To edit it, it has to be a draft again.</p>
      )}
      <Definition
        draft={draft}
        check={check}
        refused={refused?.fields ?? []}
        readOnly={readOnly}
        onChange={(part) => onChange({ type: 'typed', part })}
      />
      {!readOnly && (
        <div className="mt-4 flex flex-wrap items-center gap-2">
          <Button
            variant="contained"
            disabled={!changed || !check?.valid || newer}
            loading={save.isPending}
            onClick={submit}
          >
            Save as version {rule.latest.version + 1}
          </Button>
          {changed && (
            <Button color="inherit" onClick={begin}>
              Discard changes
            </Button>
          )}
          <span className="text-xs text-faint">What is live or in shadow stays as it is.</span>
        </div>
      )}
    </Card>
  );
}
