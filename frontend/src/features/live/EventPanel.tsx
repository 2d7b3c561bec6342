import { AssessmentPanel } from '@/shared/risk/assessment/AssessmentPanel';
import { eventRef } from '@/shared/risk/eventRef';
import { useStore } from '@/shared/store';
import { useStream } from '@/shared/stream/StreamProvider';

/** The assessment that the address names. What the list knows of it is there at once. */
export function EventPanel({ eventId, onClose }: { eventId: string; onClose: () => void }) {
  const rows = useStore(useStream().feed.rows);
  return (
    <AssessmentPanel
      eventId={eventId}
      summary={rows.find((row) => eventRef(row) === eventId)}
      onClose={onClose}
    />
  );
}
