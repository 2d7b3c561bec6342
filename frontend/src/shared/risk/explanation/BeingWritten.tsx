import { useStore } from '@/shared/store';
import { useStream } from '@/shared/stream/StreamProvider';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { Parts } from './Parts';

/** What a model has written so far, where the answer will have it; or that there is nothing yet. */
export function BeingWritten({ eventId }: { eventId: string }) {
  const written = useStore(useStream().explanations).get(eventId)?.parts;
  if (!written) return <SkeletonLines lines={4} />;
  return (
    <div aria-busy="true" className="flex flex-col gap-3">
      <p className="text-xs text-faint">Being chosen, among what the evidence says.</p>
      <Parts found={written} scope={eventId} />
      <SkeletonLines lines={2} />
    </div>
  );
}
