import { useMay } from '@/shared/session/useMay';
import { useMe } from '@/shared/session/useMe';
import { Notice } from '@/shared/ui/notices/Notice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { Letters } from './Letters';

/** Records that could not be scored, for those who correct and replay them. */
export function DeadLettersScreen() {
  const me = useMe();
  const may = useMay('dead-letters:manage');
  return (
    <>
      <title>Dead letters · Risk</title>
      {may ? (
        <Letters />
      ) : me.isPending ? (
        <div className="p-4">
          <SkeletonLines lines={8} />
        </div>
      ) : (
        <div className="grid h-full place-items-center">
          <Notice page alert title="Your role does not allow this">
            Dead letters are for administrators. You are signed in as {me.data?.email}, {me.data?.role}.
          </Notice>
        </div>
      )}
    </>
  );
}
