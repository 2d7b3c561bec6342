import Button from '@mui/material/Button';
import { useState } from 'react';
import type { DecisionPolicyVersion } from '@/shared/api/types';
import { plural } from '@/shared/format/number';
import { useMay } from '@/shared/session/useMay';
import { DateAndTime } from '@/shared/time/Moment';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { Field } from '@/shared/ui/fields/Field';
import { Tag } from '@/shared/ui/Tag';
import { Card } from '../Pane';
import { usePolicyActions, usePolicyVersions } from './usePolicy';

/** The versions that changed the policy, newest first, and the way back to one. */
export function PolicyVersions({ present, tag }: { present: number; tag: string }) {
  const versions = usePolicyVersions();
  const may = useMay('config:write');
  const { rollBack } = usePolicyActions(tag);
  const [wanted, setWanted] = useState<DecisionPolicyVersion>();
  return (
    <Card title="Versions">
      <ul className="divide-y divide-line">
        {versions.data?.items.map((one) => (
          <li key={one.version} className="flex flex-wrap items-center gap-x-3 py-1.5">
            <span className="font-medium">Version {one.version}</span>
            <span className="text-faint">
              <DateAndTime at={one.changed_at} />
            </span>
            <span className="min-w-0 flex-1 truncate text-muted">
              {one.changed_by}: {one.reason} ({plural(one.policy.rules?.length ?? 0, 'rule')})
            </span>
            {one.version === present ? (
              <Tag look="good">In force</Tag>
            ) : (
              may && <Button onClick={() => setWanted(one)}>Return to it…</Button>
            )}
          </li>
        ))}
      </ul>
      {wanted && (
        <ConfirmDialog
          title={`Return to the policy of version ${wanted.version}?`}
          action="Put in force"
          busy={rollBack.isPending}
          error={rollBack.error}
          onClose={() => setWanted(undefined)}
          onConfirm={(form) =>
            rollBack.mutate(
              { version: wanted.version, reason: String(form.get('reason')).trim() },
              { onSuccess: () => setWanted(undefined) },
            )
          }
        >
          <Field name="reason" label="Why?" focused required maxLength={500} />
        </ConfirmDialog>
      )}
    </Card>
  );
}
