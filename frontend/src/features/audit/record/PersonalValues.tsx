import Button from '@mui/material/Button';
import type { AuditRecord } from '@/shared/api/types';
import { Fact, Facts } from '@/shared/ui/panels/Facts';
import { Tag } from '@/shared/ui/Tag';

interface Props {
  of: AuditRecord;
  /** Left out for who may not erase. */
  onErase?: ((value: string) => void) | undefined;
}

/** What could tell of a person: kept beside the record, which holds a commitment to each, so that it can be erased. */
export function PersonalValues({ of: record, onErase }: Props) {
  const values = Object.entries(record.personal);
  if (values.length === 0) return <p className="text-muted">None.</p>;
  return (
    <Facts>
      {values.map(([name, { value, erased, commitment }]) => (
        <Fact key={name} name={name.replaceAll('_', ' ')}>
          <span className="flex items-start gap-2">
            {erased ? <Tag>Erased</Tag> : <span className="min-w-0 flex-1 break-all">{value}</span>}
            {onErase && value != null && !erased && (
              <Button
                color="inherit"
                className="-mt-1 shrink-0"
                aria-label={`Erase ${name.replaceAll('_', ' ')}…`}
                onClick={() => onErase(value)}
              >
                Erase…
              </Button>
            )}
          </span>
          <span className="block truncate font-mono text-2xs text-faint" title={`Commitment ${commitment}`}>
            {commitment}
          </span>
        </Fact>
      ))}
    </Facts>
  );
}
