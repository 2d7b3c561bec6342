import { useMe } from '@/shared/session/useMe';
import { Moment } from '@/shared/time/Moment';
import { Fact, Facts } from '@/shared/ui/panels/Facts';
import { Card, Pane } from '../Pane';
import { PasswordForm } from './PasswordForm';
import { SessionsCard } from './SessionsCard';

/** Who one is here, one's password, and one's sessions. */
export default function ProfileSection() {
  const { data: me } = useMe();
  if (!me) return null;
  return (
    <Pane title="Profile" about="Who you are here, and what your role allows.">
      <div className="max-w-2xl overflow-y-auto pb-4">
        <Card title="You">
          <Facts>
            <Fact name="Email">{me.email}</Fact>
            <Fact name="Role">
              <span className="capitalize">{me.role}</span>
              {me.role !== 'admin' && (
                <span className="block text-faint">An administrator can change your role.</span>
              )}
            </Fact>
            <Fact name="Since">
              <Moment at={me.created_at} />
            </Fact>
            <Fact name="You may">
              <span className="text-muted">{me.permissions.map(inWords).join(', ')}</span>
            </Fact>
          </Facts>
        </Card>
        <Card title="Password">
          <PasswordForm email={me.email} />
        </Card>
        <SessionsCard />
      </div>
    </Pane>
  );
}

const VERBS: Record<string, string> = {
  read: 'see',
  write: 'change',
  act: 'deal with',
  draft: 'draft',
  manage: 'manage',
  export: 'export',
  verify: 'verify',
};
const THINGS: Record<string, string> = {
  config: 'settings',
  risk: 'assessments',
  audit: 'the audit log',
  keys: 'API keys',
};

/** Those that the two words would not say rightly. */
const WHOLE: Record<string, string> = {
  'audit:erase': 'erase personal values from the audit log',
  'events:write': 'send events',
  'models:promote': 'put models in force',
  'rules:promote': 'put rules in force',
};

function inWords(permission: string): string {
  const [thing = '', verb = ''] = permission.split(':');
  const whole = WHOLE[permission];
  if (whole) return whole;
  return `${VERBS[verb] ?? verb} ${THINGS[thing] ?? thing}`;
}
