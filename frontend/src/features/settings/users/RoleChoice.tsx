import type { Role } from '@/shared/api/types';
import { Choice } from '@/shared/ui/fields/Choice';

const ROLES: readonly { role: Role; name: string; means: string }[] = [
  { role: 'viewer', name: 'Viewer', means: 'sees risk, alerts and rules' },
  { role: 'analyst', name: 'Analyst', means: 'also deals with alerts, labels, drafts rules, exports' },
  {
    role: 'admin',
    name: 'Admin',
    means: 'everything: thresholds, rules in force, users, keys, the audit log',
  },
];

interface Props {
  role: Role;
  disabled?: boolean;
  onChange: (role: Role) => void;
}

/** What someone is to the system, each with what it means. */
export function RoleChoice({ role, disabled = false, onChange }: Props) {
  return (
    <fieldset className="flex flex-col gap-1.5" disabled={disabled}>
      <legend className="mb-1.5 font-medium">Role</legend>
      {ROLES.map((each) => (
        <Choice
          key={each.role}
          group="role"
          value={each.role}
          chosen={each.role === role}
          onChoose={() => onChange(each.role)}
        >
          <span className="block font-medium">{each.name}</span>
          <span className="text-muted">{each.means}</span>
        </Choice>
      ))}
    </fieldset>
  );
}
