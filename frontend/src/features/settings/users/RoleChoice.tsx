import type { Role } from '@/shared/api/types';

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
        <label
          key={each.role}
          className="flex cursor-pointer gap-3 rounded-sm border border-line px-3 py-2 hover:bg-hover has-checked:border-accent has-checked:bg-accent-wash"
        >
          <input
            type="radio"
            name="role"
            value={each.role}
            checked={each.role === role}
            onChange={() => onChange(each.role)}
            className="mt-0.5 size-4 shrink-0 rounded-full accent-accent"
          />
          <span>
            <span className="block font-medium">{each.name}</span>
            <span className="text-muted">{each.means}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
