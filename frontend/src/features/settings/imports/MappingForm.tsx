import Button from '@mui/material/Button';
import { type FormEvent, useId } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { ImportDetail, ImportPreview, ImportReading } from '@/shared/api/types';
import { Field } from '@/shared/ui/fields/Field';
import { Refused } from '@/shared/ui/notices/Refused';
import { type ChosenColumns, columnsOf } from './mapping';
import { useImportActions } from './useImports';
import { FIELDS } from './words';

interface Props {
  of: ImportDetail;
  preview: ImportPreview;
}

/** Which column is which field: changed, the file is previewed anew. */
export function MappingForm({ of, preview }: Props) {
  const id = useId();
  const { read } = useImportActions(of.id);
  const columns = preview.columns ?? [];
  const before: ChosenColumns = preview.fields ?? {};
  const reading = of.reading as Partial<ImportReading>;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const mapping = text('mapping');
    read.mutate({
      source: text('source') || null,
      currency: text('currency').toUpperCase() || 'EUR',
      encoding: reading.encoding ?? null,
      labels: true,
      columns: mapping ? {} : columnsOf(text, before, reading.columns ?? {}),
      mapping: mapping || null,
    });
  };
  return (
    <form onSubmit={submit} aria-label="How the file is read">
      {/* Disabled while a preview is made: what is chosen meanwhile would be lost with it. */}
      <fieldset disabled={read.isPending} className="m-0 flex min-w-0 flex-col gap-3 border-0 p-0">
        <Refused error={read.error ? asProblem(read.error) : null} />
        {columns.length > 0 && (
          <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2 lg:grid-cols-3">
            {FIELDS.map((field) => (
              <label key={field.name} htmlFor={`${id}-${field.name}`} className="flex flex-col gap-0.5">
                <span className="font-medium">
                  {field.word}
                  {'required' in field && <span className="font-normal text-faint"> · needed</span>}
                </span>
                <select
                  id={`${id}-${field.name}`}
                  name={field.name}
                  defaultValue={before[field.name]?.[0] ?? ''}
                  className="h-[34px] rounded-sm border border-control bg-panel px-2"
                >
                  <option value="">none</option>
                  {columns.map((column) => (
                    <option key={column.name} value={column.name}>
                      {column.name}
                      {column.examples.length > 0 && ` (${column.examples[0]})`}
                    </option>
                  ))}
                </select>
              </label>
            ))}
          </div>
        )}
        <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2 lg:grid-cols-3">
          <Field
            name="source"
            label="Whose ids these are"
            maxLength={64}
            defaultValue={reading.source ?? of.source}
            help="The same source and id are the same event."
          />
          <Field
            name="currency"
            label="Currency, where no column says"
            maxLength={3}
            defaultValue={reading.currency ?? 'EUR'}
          />
        </div>
        <details>
          <summary className="cursor-pointer text-accent">The whole mapping as YAML</summary>
          <div className="mt-2 flex flex-col gap-2">
            {preview.mapping && (
              <pre className="max-h-60 overflow-auto rounded-sm bg-hover p-2 font-mono text-xs" tabIndex={0}>
                {preview.mapping}
              </pre>
            )}
            <Field
              name="mapping"
              label="Read it by this one instead"
              rows={5}
              maxLength={50_000}
              defaultValue={reading.mapping ?? ''}
              help="Time formats, decimal commas, minor units, joined columns: see docs/import.md."
            />
          </div>
        </details>
        <span>
          <Button type="submit" variant="outlined" disabled={read.isPending}>
            Preview again
          </Button>
        </span>
      </fieldset>
    </form>
  );
}
