import Button from '@mui/material/Button';
import { type FormEvent, useDeferredValue, useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { Configuration } from '@/shared/api/types';
import { UnsavedGuard } from '@/shared/ui/dialogs/UnsavedGuard';
import { Field } from '@/shared/ui/fields/Field';
import { Card } from '../Pane';
import { boundsProblem, draftOf, policyProblem, sameDraft, type Thresholds } from './draft';
import { NewerVersion } from './NewerVersion';
import { PolicyFields } from './PolicyFields';
import { PreviewChart } from './PreviewChart';
import { PreviewFigures } from './PreviewFigures';
import { ThresholdFields } from './ThresholdFields';
import { useConfigActions } from './useConfigActions';
import { usePreview } from './usePreview';
import { useSettled } from './useSettled';

interface Props {
  configuration: Configuration;
  tag: string;
  readOnly: boolean;
}

/** Edits a draft of the configuration, and shows what it would have made of the last week before it is saved. */
export function ConfigForm({ configuration, tag, readOnly }: Props) {
  const [draft, setDraft] = useState(() => draftOf(configuration));
  const { change } = useConfigActions(tag);
  const [drafts, setDrafts] = useState(0);
  const [sound, setSound] = useState(configuration.thresholds);
  const preview = usePreview(useSettled(sound));
  const shown = useDeferredValue(sound);
  const wrong = { bounds: boundsProblem(draft.thresholds), policy: policyProblem(draft.policy) };
  const bound = (thresholds: Thresholds) => {
    setDraft({ ...draft, thresholds });
    if (!boundsProblem(thresholds)) setSound(thresholds);
  };
  const discard = () => {
    setDraft(draftOf(configuration));
    setSound(configuration.thresholds);
    setDrafts(drafts + 1);
  };
  const changed = !sameDraft(draft, draftOf(configuration));
  const problem = change.error && asProblem(change.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason')).trim();
    change.mutate({ thresholds: draft.thresholds, alert_policy: draft.policy, reason });
  };
  return (
    <form onSubmit={submit}>
      <UnsavedGuard unsaved={changed && !readOnly} what="The thresholds and deadlines" />
      <NewerVersion known={configuration.version} />
      <Card title="Thresholds">
        <ThresholdFields
          thresholds={draft.thresholds}
          readOnly={readOnly}
          sound={sound}
          problem={wrong.bounds}
          onChange={bound}
        />
        <div className="mt-4 grid gap-x-8 gap-y-4 xl:grid-cols-[1.4fr_1fr]">
          <PreviewChart preview={preview} thresholds={shown} />
          <PreviewFigures preview={preview} least={draft.policy.min_level} />
        </div>
      </Card>
      <Card title="Alerts">
        <PolicyFields
          key={drafts}
          policy={draft.policy}
          problem={wrong.policy}
          readOnly={readOnly}
          onChange={(policy) => setDraft({ ...draft, policy })}
        />
      </Card>
      {!readOnly && changed && (
        <section
          aria-label="Put in force"
          className="bottom-0 z-1 mt-3 sm:sticky rounded-md border border-accent bg-panel px-4 py-3 shadow-md sm:mt-4"
        >
          {problem && (
            <p role="alert" className="mb-3 rounded-sm bg-critical-wash px-3 py-2 text-critical">
              {problem.title}. {problem.fields.map(({ detail }) => detail).join('; ') || problem.detail}
            </p>
          )}
          <div className="flex flex-wrap items-end gap-3">
            <div className="min-w-64 flex-1">
              <Field name="reason" label="Why? It is kept with the version" required maxLength={500} />
            </div>
            <Button color="inherit" onClick={discard}>
              Discard
            </Button>
            <Button
              type="submit"
              variant="contained"
              loading={change.isPending}
              disabled={wrong.bounds !== null || wrong.policy !== null}
            >
              Put in force
            </Button>
          </div>
        </section>
      )}
    </form>
  );
}
