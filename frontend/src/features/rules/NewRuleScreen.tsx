import Button from '@mui/material/Button';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useReducer, useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import { useMay } from '@/shared/session/useMay';
import { useMe } from '@/shared/session/useMe';
import { UnsavedGuard } from '@/shared/ui/dialogs/UnsavedGuard';
import { Notice } from '@/shared/ui/notices/Notice';
import { Refused } from '@/shared/ui/notices/Refused';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { Card } from './Card';
import { Definition } from './draft/Definition';
import { begin, change, isChanged, toDefinition } from './draft/draft';
import { TextField } from './draft/TextField';
import { useCheck } from './draft/useCheck';
import { useCreateRule } from './draft/useCreateRule';

const TryPanel = lazy(() => import('./trial/TryPanel'));
const NAME = /^[a-z][a-z0-9_]{2,47}$/;

/** A rule that is not there yet: written and tried before it is kept. */
export function NewRuleScreen() {
  const { isPending } = useMe();
  const mayDraft = useMay('rules:draft');
  if (!isPending && !mayDraft) {
    return (
      <Notice page alert title="Your role does not allow this">
        Analysts and administrators write rules.
      </Notice>
    );
  }
  return <NewRule />;
}

function NewRule() {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [state, act] = useReducer(change, null, () => begin(0, null));
  const { draft } = state;
  const { check } = useCheck(draft.expression, draft.reasonText);
  const create = useCreateRule();
  const unsaved = (isChanged(state) || name !== '') && !create.isSuccess;
  const problem = create.error ? asProblem(create.error) : null;
  const wrongName = name !== '' && !NAME.test(name);
  const complete = NAME.test(name) && check?.valid && draft.reasonText.trim() && draft.owner.trim();
  const submit = () =>
    create.mutate(
      { name, ...toDefinition(draft) },
      {
        onSuccess: ({ data }) =>
          void navigate({ to: '/rules/$ruleId', params: { ruleId: data.id }, ignoreBlocker: true }),
      },
    );
  return (
    <div className="h-full overflow-y-auto p-3 sm:p-4">
      <UnsavedGuard unsaved={unsaved} what="The new rule and its name" />
      <title>New rule · Risk</title>
      <nav aria-label="Breadcrumb" className="mb-1 text-xs text-faint">
        <Link to="/rules" className="text-accent underline-offset-2 hover:underline">
          Rules
        </Link>{' '}
        / New
      </nav>
      <h1 className="mb-3 text-md font-semibold">New rule</h1>
      <div className="grid items-start gap-3 sm:gap-4 lg:grid-cols-2">
        <Card title="Definition">
          {problem && problem.fields.length === 0 && <Refused error={create.error} />}
          <div className="mb-4">
            <TextField
              label="Name"
              value={name}
              mono
              readOnly={false}
              maxLength={48}
              help="Small letters, digits and _. It stays for the rule’s life: reasons carry it."
              error={
                wrongName ? '3 to 48 small letters, digits and _, a letter first.' : problem?.field('name')
              }
              onChange={setName}
            />
          </div>
          <Definition
            draft={draft}
            check={check}
            refused={problem?.fields ?? []}
            readOnly={false}
            onChange={(part) => act({ type: 'typed', part })}
          />
          <div className="mt-4 flex flex-wrap items-center gap-2">
            <Button variant="contained" disabled={!complete} loading={create.isPending} onClick={submit}>
              Save as draft
            </Button>
            <span className="text-xs text-faint">
              A draft does nothing. Backtest it next, then put it in shadow.
            </span>
          </div>
        </Card>
        <Card title="Try">
          <Suspense fallback={<SkeletonLines lines={6} />}>
            <TryPanel draft={draft} />
          </Suspense>
        </Card>
      </div>
    </div>
  );
}
