import { useState } from 'react';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { Answer } from './Answer';
import { Ask } from './Ask';
import { BeingWritten } from './BeingWritten';
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
