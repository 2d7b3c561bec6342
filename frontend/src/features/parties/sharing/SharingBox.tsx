import { useQuery } from '@tanstack/react-query';
import type { EntityKind } from '@/shared/entities/kinds';
import { plural } from '@/shared/format/number';
import { Notice } from '@/shared/ui/notices/Notice';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { sharingQuery } from '../actions/useSharing';
import { Box } from '../Box';
import { DRAWN } from './graph';
import { SharingGraph } from './SharingGraph';

/** What it shares with others, as a graph that can be walked. */
export function SharingBox({ kind, id }: { kind: EntityKind; id: string }) {
  const sharing = useQuery(sharingQuery(kind, id, DRAWN));
  return (
    <Box
      title="Connections"
      note={
        sharing.data &&
        `from its ${sharing.data.complete ? '' : 'latest '}${plural(sharing.data.events, 'event')}`
      }
    >
      {sharing.isPending && <SkeletonLines lines={4} />}
      {sharing.error && <ProblemNotice error={sharing.error} onRetry={() => void sharing.refetch()} />}
      {sharing.data?.kinds.length === 0 && (
        <Notice title="It shares nothing">Its events name nothing else.</Notice>
      )}
      {sharing.data && sharing.data.kinds.length > 0 && <SharingGraph start={sharing.data} />}
    </Box>
  );
}
