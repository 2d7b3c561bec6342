import Button from '@mui/material/Button';
import { useRef, useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { DefinitionSummary, NewDefinition } from '@/shared/api/types';
import { FormDialog } from '@/shared/ui/dialogs/FormDialog';
import { Field } from '@/shared/ui/fields/Field';
import { Select } from '@/shared/ui/fields/Select';
import { Refused } from '@/shared/ui/notices/Refused';
import { AGGREGATES, DIRECTIONS, definitionOf } from './definition';
import { FilterField } from './FilterField';
import { PreviewFacts } from './PreviewFacts';
import { useDefinitionActions } from './useDefinitions';

const OPTIONS = AGGREGATES.map((value) => ({ value, label: value }));

interface Props {
  /** What there is of it already, and the tag of what was read. */
  definition?: DefinitionSummary | undefined;
  etag?: string | undefined;
  onClose: () => void;
  onSaved: (id: string) => void;
}

/** Asks what a feature computes, shows it over stored events, and keeps it as a draft. */
export function DefinitionDialog({ definition, etag, onClose, onSaved }: Props) {
  const known = definition?.latest;
  const { create, edit, preview } = useDefinitionActions(definition?.id, etag);
  const [aggregate, setAggregate] = useState<NewDefinition['aggregate']>(known?.aggregate ?? 'count');
  const [direction, setDirection] = useState(known?.direction ?? 'higher_is_riskier');
  const [filter, setFilter] = useState(known?.filter ?? '');
  const fields = useRef<HTMLDivElement>(null);
  const failed = create.error ?? edit.error ?? preview.error;
  const problem = failed && asProblem(failed);
  const read = (form: FormData) => definitionOf(form, { aggregate, direction, filter }, definition?.name);
  const save = (form: FormData) => {
    preview.reset();
    const saved = { onSuccess: ({ id }: { id: string }) => onSaved(id) };
    if (known) edit.mutate({ ...read(form), base_version: known.version }, saved);
    else create.mutate(read(form), saved);
  };
  const look = () => {
    const form = fields.current?.closest('form');
    create.reset();
    edit.reset();
    if (form) preview.mutate(read(new FormData(form)));
  };
  return (
    <FormDialog
      wide
      noValidate
      title={definition ? `features.${definition.name}` : 'New feature'}
      action={known ? `Save version ${known.version + 1}` : 'Keep as a draft'}
      busy={create.isPending || edit.isPending}
      onClose={onClose}
      onSubmit={save}
    >
      <div ref={fields} className="flex flex-col gap-4 pt-1">
        <Refused error={failed} />
        {!definition && (
          <Field
            name="name"
            label="Name"
            focused
            maxLength={48}
            help="lower_snake; rules read it as features.<name>"
            error={problem?.field('name')}
          />
        )}
        <Field
          name="key"
          label="Key"
          defaultValue={known?.key.join(', ') ?? ''}
          help="One field of an event or two: device_id, or account_id, attributes.card"
          error={problem?.field('key')}
        />
        <div className="flex flex-wrap gap-4">
          <div>
            <p className="mb-1 font-medium">Aggregate</p>
            <Select label="Aggregate" value={aggregate} options={OPTIONS} onChange={setAggregate} />
          </div>
          <div>
            <p className="mb-1 font-medium">What speaks for risk</p>
            <Select
              label="What speaks for risk"
              value={direction}
              options={DIRECTIONS}
              onChange={setDirection}
            />
          </div>
        </div>
        <Field
          name="field"
          label="Field (none for count and seconds_since_last)"
          defaultValue={known?.field ?? ''}
          help="amount, attributes.<name>; for distinct any field"
          error={problem?.field('field')}
        />
        <Field
          name="window"
          label="Window"
          defaultValue={known?.window ?? ''}
          help="1m to 90d"
          error={problem?.field('window')}
        />
        <FilterField value={filter} error={problem?.field('filter')} onChange={setFilter} />
        <Field
          name="unit"
          label="Unit"
          maxLength={40}
          defaultValue={known?.unit ?? ''}
          help="What it counts, in the plural: failed logins"
          error={problem?.field('unit')}
        />
        <Field
          name="meaning"
          label="Meaning"
          maxLength={200}
          defaultValue={known?.meaning ?? ''}
          error={problem?.field('meaning')}
        />
        <div>
          <Button variant="outlined" disabled={preview.isPending} onClick={look}>
            Preview on stored events
          </Button>
          {preview.data && <PreviewFacts preview={preview.data} />}
        </div>
      </div>
    </FormDialog>
  );
}
