import { client } from '@/shared/api/client';
import { saveFile } from '@/shared/api/download';
import { toProblem, unreachable } from '@/shared/api/problem';
import type { DeadLetterFilter } from './search';

/** Saves those of the list with their records, a JSON object a line: the newest 5,000. */
export async function exportLetters(filter: DeadLetterFilter): Promise<void> {
  const asked = client.GET('/api/v1/dead-letters/export', { params: { query: filter }, parseAs: 'blob' });
  const { data, error, response } = await asked.catch(() => {
    throw unreachable();
  });
  if (!response.ok || !data) throw toProblem(response.status, error);
  saveFile(data as unknown as Blob, 'dead-letters.jsonl');
}
