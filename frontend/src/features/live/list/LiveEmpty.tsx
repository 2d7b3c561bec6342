import Button from '@mui/material/Button';
import type { RiskLevel } from '@/shared/api/types';
import { LEVEL } from '@/shared/risk/scores/levels';
import { useStore } from '@/shared/store';
import { useStream } from '@/shared/stream/StreamProvider';
import { Notice } from '@/shared/ui/notices/Notice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';

/** Why the list has no rows: they are on their way, could not be fetched, are filtered out, or do not exist. */
export function LiveEmpty({ level, onAll }: { level: RiskLevel; onAll: () => void }) {
  const stream = useStream();
  const loading = useStore(stream.loading);
  if (loading === 'loading') return <LiveWaiting />;
  if (loading === 'failed') {
    return (
      <Notice
        alert
        title="The recent assessments could not be fetched"
        action={
          <Button variant="outlined" onClick={() => void stream.resync()}>
            Try again
          </Button>
        }
      >
        New ones still appear here while the page is connected.
      </Notice>
    );
  }
  if (level !== 'LOW') {
    return (
      <Notice
        title={`Nothing ${level === 'CRITICAL' ? 'critical' : `at ${LEVEL[level].word} or above`} recently`}
        action={
          <Button variant="outlined" onClick={onAll}>
            Show all levels
          </Button>
        }
      >
        It will appear here as soon as it is scored.
      </Notice>
    );
  }
  return (
    <Notice title="No events yet">
      Send one to <code className="font-mono text-xs">POST /api/v1/events</code>, or start the simulator. It
      appears here as soon as it is scored.
    </Notice>
  );
}

/** The rows, or what draws them, are on their way. */
export function LiveWaiting() {
  return (
    <div className="px-4 py-2">
      <SkeletonLines lines={9} />
    </div>
  );
}
