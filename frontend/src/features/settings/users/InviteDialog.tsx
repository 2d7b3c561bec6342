import { useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { Role, UserDetail } from '@/shared/api/types';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { Field } from '@/shared/ui/fields/Field';
import { RoleChoice } from './RoleChoice';
import { useUserActions } from './useUserActions';

interface Props {
  onClose: () => void;
  onInvited: (user: UserDetail) => void;
}

/** Opens an account for someone, who then sets a password. */
export function InviteDialog({ onClose, onInvited }: Props) {
  const { invite } = useUserActions();
  const [role, setRole] = useState<Role>('viewer');
  const problem = invite.error && asProblem(invite.error);
  const onConfirm = (form: FormData) =>
    invite.mutate(
      { email: String(form.get('email')).trim(), role },
      {
        onSuccess: (user) => {
          onInvited(user);
          onClose();
        },
      },
    );
  return (
    <ConfirmDialog
      title="Invite someone"
      action="Invite"
      busy={invite.isPending}
      error={invite.error}
      onClose={onClose}
      onConfirm={onConfirm}
    >
      <Field
        name="email"
        type="email"
        label="Email"
        focused
        required
        error={problem?.field('email')}
        help="A link to set a password is mailed. Where no mail is sent, you can make the link yourself."
      />
      <RoleChoice role={role} onChange={setRole} />
    </ConfirmDialog>
  );
}
