import { client } from '@/shared/api/client';
import { asProblem, toProblem } from '@/shared/api/problem';
import { useListChange } from './useListChange';

/** Takes a list away with all that is on it. */
export function useRemoveList(name: string) {
  return useListChange(async (reason: string) => {
    const { response, error } = await client
      .DELETE('/api/v1/lists/{name}', { params: { path: { name }, query: { reason } } })
      .catch((thrown: unknown) => Promise.reject(asProblem(thrown)));
    if (!response.ok) throw toProblem(response.status, error);
  });
}
