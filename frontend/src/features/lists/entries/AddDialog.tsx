import { useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { StoredList } from '@/shared/api/types';
import { plural } from '@/shared/format/number';
import { FormDialog } from '@/shared/ui/dialogs/FormDialog';
import { Field } from '@/shared/ui/fields/Field';
import { announce } from '@/shared/ui/notices/Announcer';
import { Refused } from '@/shared/ui/notices/Refused';
import { subjectOf } from '../words';
import { LinesField } from './LinesField';
import { lineFaults, moment, parse } from './parse';
import { useAddEntries } from './useAddEntries';

/** One entry or a thousand, typed or pasted, a line each. */
export default function AddDialog({ list, onClose }: { list: StoredList; onClose: () => void }) {
  const [text, setText] = useState('');
  const [until, setUntil] = useState('');
  const add = useAddEntries(list.name);
  const { items, faults: own } = parse(text, (until && moment(until)) || null);
  const problem = add.error ? asProblem(add.error) : null;
  const told = problem ? lineFaults(problem.fields, add.variables?.items ?? []) : [];
  const faults = own.length > 0 ? own : told;
  const submit = (form: FormData) => {
    const reason = String(form.get('reason') ?? '').trim();
    if (own.length > 0 || items.length === 0 || !reason) return;
    add.mutate(
      { items, reason },
      {
        onSuccess: ({ added, replaced }) => {
          announce(`${added} added, ${replaced} replaced`);
          onClose();
        },
      },
    );
  };
  return (
    <FormDialog
      title={`Add to ${list.name}`}
      action={`Add ${plural(items.length, 'entry', 'entries')}`}
      wide
      disabled={items.length === 0 || faults.length > 0}
      busy={add.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="flex flex-col gap-4 pt-1">
        <Refused error={told.length === 0 ? problem : null} />
        <LinesField
          label={`${subjectOf(list.subject)?.word}, one a line`}
          example={subjectOf(list.subject)?.example ?? ''}
          text={text}
          faults={faults}
          onChange={(next) => {
            setText(next);
            if (problem) add.reset();
          }}
        />
        <div>
          <label htmlFor="until" className="mb-1 block font-medium">
            Until the end of (optional)
          </label>
          <input
            id="until"
            type="date"
            value={until}
            onChange={(event) => setUntil(event.target.value)}
            className="rounded-sm border border-control bg-panel px-3 py-1.5"
          />
          <p className="mt-1 text-xs text-faint">
            In UTC. For lines that do not say otherwise; compared with when an event occurred.
          </p>
        </div>
        <Field name="reason" label="Why?" required maxLength={500} help="It is shown beside each entry." />
      </div>
    </FormDialog>
  );
}
