import { AssessmentView } from '@/shared/risk/AssessmentView';
import { useStore } from '@/shared/store';
import { useStream } from '@/shared/stream/StreamProvider';
import { SidePanel } from '@/shared/ui/SidePanel';

/** The assessment that the address names. What the list knows of it is there at once. */
export function EventPanel({ eventId, onClose }: { eventId: string; onClose: () => void }) {
  const rows = useStore(useStream().feed.rows);
  return (
    <SidePanel title="Assessment" onClose={onClose}>
      <AssessmentView
        key={eventId}
        eventId={eventId}
        summary={rows.find((row) => row.event_id === eventId)}
      />
    </SidePanel>
  );
}
