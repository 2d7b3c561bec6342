import Button from '@mui/material/Button';
import { type FormEvent, useDeferredValue, useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { Configuration } from '@/shared/api/types';
import { Field } from '@/shared/ui/Field';
import { Card } from '../Pane';
import { draftOf, sameDraft } from './draft';
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
  const preview = usePreview(useSettled(draft.thresholds));
  const shown = useDeferredValue(draft.thresholds);
  const changed = !sameDraft(draft, draftOf(configuration));
  const problem = change.error && asProblem(change.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason')).trim();
    change.mutate({ thresholds: draft.thresholds, alert_policy: draft.policy, reason });
  };
  return (
    <form onSubmit={submit}>
      <NewerVersion known={configuration.version} />
      <Card title="Thresholds">
        <ThresholdFields
          thresholds={draft.thresholds}
          readOnly={readOnly}
          onChange={(thresholds) => setDraft({ ...draft, thresholds })}
        />
        <div className="mt-4 grid gap-x-8 gap-y-4 xl:grid-cols-[1.4fr_1fr]">
          <PreviewChart preview={preview} thresholds={shown} />
          <PreviewFigures preview={preview} least={draft.policy.min_level} />
        </div>
      </Card>
      <Card title="Alerts">
        <PolicyFields
          policy={draft.policy}
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
              {problem.title}.{' '}
              {problem.fields.map(({ field, detail }) => `${field}: ${detail}`).join('; ') || problem.detail}
            </p>
          )}
          <div className="flex flex-wrap items-end gap-3">
            <div className="min-w-64 flex-1">
              <Field name="reason" label="Why? It is kept with the version" required maxLength={500} />
            </div>
            <Button color="inherit" onClick={() => setDraft(draftOf(configuration))}>
              Discard
            </Button>
            <Button type="submit" variant="contained" loading={change.isPending}>
              Put in force
            </Button>
          </div>
        </section>
      )}
    </form>
  );
}
