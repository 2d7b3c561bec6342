import { useMutation, useQueryClient } from '@tanstack/react-query';

/** A change of a list or of what is on it; whatever comes of it, the lists are read anew. */
export function useListChange<Asked, Answer>(carryOut: (asked: Asked) => Promise<Answer>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: carryOut,
    onSettled: () => void cache.invalidateQueries({ queryKey: ['lists'] }),
  });
}
