import { useState } from 'react';
import { useStore } from '@/shared/store';
import { useStream } from '@/shared/stream/StreamProvider';
import { ProblemNotice } from '@/shared/ui/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/SkeletonLines';
import { Answer } from './Answer';
import { Ask } from './Ask';
import { Sentences } from './Sentences';
import { Sources } from './Sources';
import { useExplanation } from './useExplanation';
import { useSettled } from './useSettled';

const SETTLED_MS = 900;

/** An event in words, each sentence with the evidence that it rests on. */
export function ExplanationView({ eventId }: { eventId: string }) {
  const settled = useSettled(SETTLED_MS);
  const { data, error, refetch } = useExplanation(eventId, settled);
  const [cited, setCited] = useState<string | null>(null);
  if (error) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <BeingWritten eventId={eventId} />;
  return (
    <div className="flex flex-col gap-4">
      <Answer found={data} cited={cited} onCite={setCited} />
      <Sources evidence={data.evidence} scope={data.id} cited={cited} onCite={setCited} />
      {data.source === 'model' && <Ask eventId={eventId} cited={cited} onCite={setCited} />}
    </div>
  );
}

/** What a model has written so far, or that there is nothing yet. */
function BeingWritten({ eventId }: { eventId: string }) {
  const written = useStore(useStream().explanations).get(eventId)?.sentences ?? [];
  const nothing = () => undefined;
  return (
    <>
      {written.length > 0 && <Sentences sentences={written} scope={eventId} cited={null} onCite={nothing} />}
      <SkeletonLines lines={written.length > 0 ? 2 : 4} />
    </>
  );
}
