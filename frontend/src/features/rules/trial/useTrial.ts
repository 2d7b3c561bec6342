import { useMutation } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { Draft } from '../draft/draft';
import type { Sample } from './sample';

/** Tries a draft on a sample; neither is kept. */
export function useTrial() {
  return useMutation({
    mutationFn: ({ draft, sample }: { draft: Draft; sample: Sample }) =>
      unwrap(
        client.POST('/api/v1/rules/test', {
          body: { ...sample, expression: draft.expression, reason_text: draft.reasonText || null },
        }),
      ),
  });
}
