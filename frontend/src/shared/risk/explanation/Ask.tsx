import Button from '@mui/material/Button';
import { type FormEvent, useRef } from 'react';
import { useStream } from '@/shared/stream/StreamProvider';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { Answer } from './Answer';
import { BeingWritten } from './BeingWritten';
import { useQuestion } from './useExplanation';

interface Props {
  eventId: string;
  cited: string | null;
  onCite: (id: string | null) => void;
}

/** A question about the event, and its answer. */
export function Ask({ eventId, cited, onCite }: Props) {
  const asked = useQuestion(eventId);
  const { explanations } = useStream();
  const field = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const question = field.current?.value.trim();
    if (!question) return;
    explanations.forget(eventId);
    asked.mutate(question);
  };
  return (
    <div className="flex flex-col gap-3">
      <form onSubmit={submit} className="flex gap-2">
        <input
          ref={field}
          aria-label="A question about this event"
          placeholder="Ask about this event"
          maxLength={500}
          required
          className="h-8 min-w-0 flex-1 rounded-sm border border-control bg-panel px-2.5 placeholder:text-faint"
        />
        <Button type="submit" variant="outlined" loading={asked.isPending}>
          Ask
        </Button>
      </form>
      {asked.error && <ProblemNotice error={asked.error} />}
      {(asked.isPending || asked.data) && (
        <div aria-live="polite" className="border-l-2 border-accent pl-3">
          <p className="mb-2 font-medium">{asked.variables}</p>
          {asked.data ? (
            <Answer found={asked.data} cited={cited} onCite={onCite} />
          ) : (
            <BeingWritten eventId={eventId} />
          )}
        </div>
      )}
    </div>
  );
}
