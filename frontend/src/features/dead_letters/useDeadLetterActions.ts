import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import { DEAD_LETTERS } from '@/shared/risk/useDeadLetterStats';

/** Putting a record on the stream again, corrected or as it came, and saying that nothing is to come of it. */
export function useDeadLetterActions(number: number) {
  const cache = useQueryClient();
  const onSuccess = () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: DEAD_LETTERS }),
      cache.invalidateQueries({ queryKey: ['dead-letter', number] }),
    ]);
  const replay = useMutation({
    // As text, when it was corrected: read and written again, a long number would be another.
    mutationFn: ({ text, note }: { text: string | null; note: string | null }) =>
      unwrap(
        client.POST('/api/v1/dead-letters/{number}/replay', {
          params: { path: { number } },
          body: {},
          bodySerializer: () => `{"record": ${text ?? 'null'}, "note": ${JSON.stringify(note)}}`,
        }),
      ),
    onSuccess,
  });
  const dismiss = useMutation({
    mutationFn: (reason: string) =>
      unwrap(client.POST('/api/v1/dead-letters/dismiss', { body: { numbers: [number], reason } })),
    onSuccess,
  });
  return { replay, dismiss };
}
