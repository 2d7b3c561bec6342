import Button from '@mui/material/Button';
import { useState } from 'react';
import type { DecisionPolicyVersion, PolicyRule } from '@/shared/api/types';
import { ACTION_OPTIONS } from '@/shared/risk/decisions/decisions';
import { useMay } from '@/shared/session/useMay';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { Field } from '@/shared/ui/fields/Field';
import { Select } from '@/shared/ui/fields/Select';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { Card } from '../Pane';
import { PolicyRules } from './PolicyRules';
import { PreviewResult } from './PreviewResult';
import { moved } from './policy';
import { RuleDialog } from './RuleDialog';
import { usePolicyActions } from './usePolicy';

interface Edited {
  place: number;
  rule?: PolicyRule;
}

/** The rules in order. What is changed here is a draft until it is put in force. */
export function PolicyEditor({ inForce, tag }: { inForce: DecisionPolicyVersion; tag: string }) {
  const may = useMay('config:write');
  const mayPreview = useMay('rules:draft');
  const [draft, setDraft] = useState(inForce.policy);
  const [edited, setEdited] = useState<Edited>();
  const [asking, setAsking] = useState(false);
  const { preview, change } = usePolicyActions(tag);
  const rules = draft.rules ?? [];
  const changed = JSON.stringify(draft) !== JSON.stringify(inForce.policy);
  const put = (next: PolicyRule[]) => setDraft({ ...draft, rules: next });
  return (
    <Card title={changed ? 'Draft' : `Version ${inForce.version}, in force`}>
      <PolicyRules
        rules={rules}
        editable={mayPreview}
        onEdit={(place) => setEdited({ place, ...(rules[place] && { rule: rules[place] }) })}
        onMove={(place, step) => setDraft(moved(draft, place, step))}
        onRemove={(place) => put(rules.filter((_, at) => at !== place))}
      />
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <span className="font-medium">Otherwise</span>
        <Select
          label="Fallback"
          value={draft.fallback ?? 'approve'}
          options={ACTION_OPTIONS}
          onChange={(fallback) => mayPreview && setDraft({ ...draft, fallback })}
        />
        {mayPreview && <Button onClick={() => setEdited({ place: rules.length })}>Add rule…</Button>}
        {mayPreview && (
          <Button disabled={preview.isPending} onClick={() => preview.mutate(draft)}>
            Preview on the last week
          </Button>
        )}
        {changed && <Button onClick={() => setDraft(inForce.policy)}>Discard draft</Button>}
        {may && (
          <Button variant="contained" disabled={!changed} onClick={() => setAsking(true)}>
            Put in force…
          </Button>
        )}
      </div>
      {preview.error && <ProblemNotice error={preview.error} />}
      {preview.data && <PreviewResult found={preview.data} />}
      {edited && (
        <RuleDialog
          rule={edited.rule}
          onClose={() => setEdited(undefined)}
          onDone={(rule) => {
            const next = [...rules];
            next[edited.place] = rule;
            put(next);
            setEdited(undefined);
          }}
        />
      )}
      {asking && (
        <ConfirmDialog
          title="Put this policy in force?"
          action="Put in force"
          busy={change.isPending}
          error={change.error}
          onClose={() => setAsking(false)}
          onConfirm={(form) =>
            change.mutate(
              { policy: draft, reason: String(form.get('reason')).trim() },
              { onSuccess: () => setAsking(false) },
            )
          }
        >
          {change.error && <ProblemNotice error={change.error} />}
          <Field name="reason" label="Why?" focused required maxLength={500} />
        </ConfirmDialog>
      )}
    </Card>
  );
}
