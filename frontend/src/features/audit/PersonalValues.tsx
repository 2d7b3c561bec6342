import type { AuditRecord } from '@/shared/api/types';
import { Fact, Facts } from '@/shared/ui/Facts';
import { Tag } from '@/shared/ui/Tag';

/** What could tell of a person: kept beside the record, which holds a commitment to each, so that it can be erased. */
export function PersonalValues({ of: record }: { of: AuditRecord }) {
  const values = Object.entries(record.personal);
  if (values.length === 0) return <p className="text-muted">None.</p>;
  return (
    <Facts>
      {values.map(([name, { value, erased, commitment }]) => (
        <Fact key={name} name={name.replaceAll('_', ' ')}>
          {erased ? <Tag>Erased</Tag> : <span className="break-all">{value}</span>}
          <span className="block truncate font-mono text-2xs text-faint" title={`Commitment ${commitment}`}>
            {commitment}
          </span>
        </Fact>
      ))}
    </Facts>
  );
}
