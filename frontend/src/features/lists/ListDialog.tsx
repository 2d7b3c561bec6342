import { useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { StoredList } from '@/shared/api/types';
import { FormDialog } from '@/shared/ui/dialogs/FormDialog';
import { Field } from '@/shared/ui/fields/Field';
import { Refused } from '@/shared/ui/notices/Refused';
import { Choice } from './Choice';
import { useSaveList } from './useSaveList';
import { PURPOSES, type Purpose, SUBJECTS, type Subject } from './words';

interface Props {
  /** Null: a new one. */
  list: StoredList | null;
  etag: string | null;
  onDone: (name: string) => void;
  onClose: () => void;
}

/** A new list, or what one is for. */
export default function ListDialog({ list, etag, onDone, onClose }: Props) {
  const [purpose, setPurpose] = useState<Purpose>(list?.purpose ?? 'deny');
  const [subject, setSubject] = useState<Subject>(list?.subject ?? 'account');
  const save = useSaveList(etag);
  const problem = save.error ? asProblem(save.error) : null;
  const submit = (given: FormData) => {
    const name = list?.name ?? String(given.get('name') ?? '');
    const description = String(given.get('description') ?? '').trim();
    save.mutate({ name, purpose, subject, description }, { onSuccess: () => onDone(name) });
  };
  return (
    <FormDialog
      title={list ? `What ${list.name} is for` : 'New list'}
      action={list ? 'Save' : 'Make the list'}
      busy={save.isPending}
      noValidate
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="flex flex-col gap-4 pt-1">
        <Refused error={problem && problem.fields.length === 0 ? problem : null} />
        {!list && (
          <Field
            name="name"
            label="Name"
            required
            maxLength={48}
            focused
            help="3 to 48 small letters, digits and _. Rules ask for it by this name."
            error={problem?.field('name')}
          />
        )}
        <Choice
          name="purpose"
          label="Purpose"
          options={PURPOSES.map(({ value, word, meaning }) => ({ value, word, note: meaning }))}
          value={purpose}
          onChange={setPurpose}
        />
        {!list && (
          <Choice
            name="subject"
            label="It holds"
            options={SUBJECTS.map(({ value, word, example }) => ({ value, word, note: example }))}
            value={subject}
            onChange={setSubject}
          />
        )}
        <Field
          name="description"
          label="What it is for"
          rows={2}
          maxLength={2000}
          defaultValue={list?.description ?? ''}
          error={problem?.field('description')}
        />
      </div>
    </FormDialog>
  );
}
