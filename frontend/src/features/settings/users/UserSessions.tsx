import Button from '@mui/material/Button';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { Section } from '@/shared/ui/panels/Section';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { Sessions } from '../Sessions';
import { useUserSessions } from './useUserSessions';

/** Where a person is signed in. */
export function UserSessions({ id }: { id: string }) {
  const { list, endAll } = useUserSessions(id);
  return (
    <Section title="Sessions">
      {list.isPending && <SkeletonLines lines={2} />}
      {list.error && !list.data && <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && <p className="text-muted">They are signed in nowhere.</p>}
      {list.data && list.data.length > 0 && (
        <>
          <Sessions sessions={list.data} />
          <div className="mt-2">
            <Button
              variant="outlined"
              color="inherit"
              loading={endAll.isPending}
              onClick={() => endAll.mutate()}
            >
              End them all
            </Button>
          </div>
        </>
      )}
      {endAll.error && <ProblemNotice error={endAll.error} />}
    </Section>
  );
}
