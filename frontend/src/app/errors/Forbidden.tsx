import { useMe } from '@/shared/session/useMe';
import { Notice } from '@/shared/ui/notices/Notice';

export function Forbidden({ detail }: { detail: string }) {
  const { data: me } = useMe();
  return (
    <div className="grid h-full place-items-center">
      <title>Not allowed · Risk</title>
      <Notice page alert title="Your role does not allow this">
        {detail} {me && `You are signed in as ${me.email}, ${me.role}. `}An administrator can change your
        role.
      </Notice>
    </div>
  );
}
