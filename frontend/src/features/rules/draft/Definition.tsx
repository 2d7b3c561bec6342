import type { FieldError } from '@/shared/api/problem';
import type { RuleValidation } from '@/shared/api/types';
import type { Draft } from './draft';
import { EffectField } from './EffectField';
import { ExpressionField } from './ExpressionField';
import { TextField } from './TextField';

interface Props {
  draft: Draft;
  check: RuleValidation | undefined;
  /** What the server refused when it was saved. */
  refused: readonly FieldError[];
  readOnly: boolean;
  onChange: (part: Partial<Draft>) => void;
}

/** What a rule looks for, what a hit does, and what people are told. */
export function Definition({ draft, check, refused, readOnly, onChange }: Props) {
  const said = (field: string): string | undefined =>
    refused.find((each) => each.field === field || each.field.endsWith(`.${field}`))?.detail;
  const reason = check?.errors.find(({ field }) => field === 'reason_text')?.detail;
  return (
    <div className="flex flex-col gap-4">
      <ExpressionField
        value={draft.expression}
        faults={check?.errors.filter(({ field }) => field === 'expression')}
        readOnly={readOnly}
        onChange={(expression) => onChange({ expression })}
      />
      <EffectField draft={draft} readOnly={readOnly} error={said('points')} onChange={onChange} />
      <TextField
        label="Reason that analysts read"
        value={draft.reasonText}
        readOnly={readOnly}
        maxLength={500}
        help={
          <>
            With placeholders: <code className="font-mono">{'{amount}'}</code>,{' '}
            <code className="font-mono">{'{account_id}'}</code>,{' '}
            <code className="font-mono">{'{features.count_1h:.0f}'}</code>
          </>
        }
        error={reason ?? said('reason_text')}
        onChange={(reasonText) => onChange({ reasonText })}
      />
      <TextField
        label="Owner"
        value={draft.owner}
        readOnly={readOnly}
        maxLength={254}
        help="Whom to ask about it: a team or a person."
        error={said('owner')}
        onChange={(owner) => onChange({ owner })}
      />
      <TextField
        label="What it is for"
        value={draft.description}
        readOnly={readOnly}
        rows={2}
        maxLength={2000}
        error={said('description')}
        onChange={(description) => onChange({ description })}
      />
    </div>
  );
}
