import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogTitle from '@mui/material/DialogTitle';
import { useId, useState } from 'react';
import type { Alert } from '@/shared/api/types';
import { plural } from '@/shared/format/number';
import { PickList } from '@/shared/ui/fields/PickList';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { ofAlerts, person } from '../words';
import { choices, holder } from './assignees';
import { useAssignees } from './useAssignees';

interface Props {
  alerts: readonly Alert[];
  me: string | null;
  onAssign: (assignee: string | null) => void;
  onClose: () => void;
}

/** Asks whose alerts are to be. */
export default function AssignDialog({ alerts, me, onAssign, onClose }: Props) {
  const { data, error, refetch } = useAssignees();
  const [text, setText] = useState('');
  const heading = useId();
  const found = data ? choices(data, alerts, me, text) : [];
  const has = holder(alerts);
  const of = alerts.length === 1 ? `the alert on ${ofAlerts(alerts)}` : plural(alerts.length, 'alert');
  return (
    <Dialog open onClose={onClose} aria-labelledby={heading} maxWidth="xs" fullWidth transitionDuration={120}>
      <DialogTitle id={heading} sx={{ px: 2 }}>
        Assign {of}
      </DialogTitle>
      {has && (
        <p className="-mt-2 px-4 pb-3 text-muted">
          {alerts.length === 1 ? 'It is' : 'They are'} {has === me ? 'yours' : `${person(has, me)}’s`} now.
        </p>
      )}
      <PickList
        question="Assign to"
        label="People who may work on alerts"
        items={found}
        text={text}
        onText={setText}
        onChoose={({ email }) => onAssign(email)}
      >
        {({ name, about }) => (
          <>
            <span className="min-w-0 flex-1 truncate">{name}</span>
            <span className="shrink-0 text-xs text-faint">{about}</span>
          </>
        )}
      </PickList>
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!error && !data && (
        <div className="px-4 pb-3">
          <SkeletonLines lines={3} />
        </div>
      )}
      {data && found.length === 0 && (
        <p className="px-4 pb-3 text-muted">
          {text
            ? 'Nobody who may work on alerts is called that.'
            : 'There is nobody else who may work on alerts; an administrator gives the role.'}
        </p>
      )}
      <DialogActions sx={{ px: 2, pb: 1.5 }}>
        <Button color="inherit" onClick={onClose}>
          Cancel
        </Button>
      </DialogActions>
    </Dialog>
  );
}
