import { useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { StoredList } from '@/shared/api/types';
import { type EntityKind, KIND_WORDS } from '@/shared/entities/kinds';
import { plural } from '@/shared/format/number';
import { FormDialog } from '@/shared/ui/dialogs/FormDialog';
import { Field } from '@/shared/ui/fields/Field';
import { Refused } from '@/shared/ui/notices/Refused';
import { type Listing, useListing, useListPreview } from './useListing';

interface Props {
  kind: EntityKind;
  values: readonly string[];
  /** More than that there are, which one action cannot take. */
  left?: number;
  /** Whose they are: "of the device dv-1". */
  of?: string;
  /** That take this kind. */
  lists: readonly StoredList[];
  onDone: (listing: Listing) => void;
  onClose: () => void;
}

const EFFECT: Record<StoredList['purpose'], string> = { deny: 'Block', allow: 'Allow', watch: 'Watch' };
const SHOWN = 5;
const endOfDay = (day: string): string | null => (day ? `${day}T23:59:59Z` : null);

/** Puts one or many on a list, after saying what that changes. */
export default function ListDialog({ kind, values, left = 0, of, lists, onDone, onClose }: Props) {
  const [name, setName] = useState(
    lists.find(({ purpose }) => purpose === 'deny')?.name ?? lists[0]?.name ?? '',
  );
  const { add } = useListing();
  const preview = useListPreview(name, values);
  const fresh = preview.data?.new ?? [];
  const words = KIND_WORDS[kind];
  const what =
    values.length === 1
      ? `${words.name.toLowerCase()} ${values[0]}`
      : `${values.length} ${words.others.toLowerCase()}`;
  const submit = (form: FormData) => {
    const reason = String(form.get('reason') ?? '').trim();
    if (!reason || fresh.length === 0) return;
    const listing = { list: name, values: fresh, reason, until: endOfDay(String(form.get('until') ?? '')) };
    add.mutate(listing, { onSuccess: () => onDone(listing) });
  };
  return (
    <FormDialog
      title={`Put ${what} on a list`}
      action={fresh.length > 1 ? `Add ${fresh.length}` : 'Add'}
      wide
      quick
      busy={add.isPending}
      disabled={fresh.length === 0}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="flex flex-col gap-4 pt-1">
        {of && <p className="text-muted">{of}</p>}
        <Refused error={(add.error ?? preview.error) ? asProblem(add.error ?? preview.error) : null} />
        <div>
          <label htmlFor="list" className="mb-1 block font-medium">
            List
          </label>
          <select
            id="list"
            value={name}
            onChange={(event) => setName(event.target.value)}
            className="w-full rounded-sm border border-control bg-panel px-3 py-2"
          >
            {lists.map((list) => (
              <option key={list.name} value={list.name}>
                {EFFECT[list.purpose]}: {list.name}
              </option>
            ))}
          </select>
        </div>
        <section
          aria-label="What it changes"
          aria-live="polite"
          className="min-h-16 rounded-sm bg-sunken px-3 py-2"
        >
          {preview.data && (
            <>
              <p>
                {plural(fresh.length, 'new entry', 'new entries')}
                {preview.data.present.length > 0 && `, ${preview.data.present.length} already on it`}.
                {left > 0 && ` ${left} more are not taken: do it again for them.`}
              </p>
              <p className="text-muted">
                {preview.data.rules.length > 0
                  ? `Asked for by ${preview.data.rules.join(', ')}.`
                  : 'No active rule asks for this list: being on it has no effect yet.'}
              </p>
              <p className="break-all text-faint">
                {fresh.slice(0, SHOWN).join(', ')}
                {fresh.length > SHOWN && ` and ${fresh.length - SHOWN} more`}
              </p>
            </>
          )}
        </section>
        <Field
          name="reason"
          label="Why?"
          required
          maxLength={480}
          focused
          help="It is kept beside each entry."
        />
        <div>
          <label htmlFor="until" className="mb-1 block font-medium">
            Until the end of (optional, UTC)
          </label>
          <input
            id="until"
            name="until"
            type="date"
            className="rounded-sm border border-control bg-panel px-3 py-1.5"
          />
        </div>
      </div>
    </FormDialog>
  );
}
