import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { client, unwrap } from '@/shared/api/client';

/** Fewer letters would find everything. */
export const SHORTEST = 2;
const PAUSE_MS = 120;

/** What the server finds for a text, once typing pauses. */
export function useSearch(text: string) {
  const wanted = useSettledText(text.trim());
  return useQuery({
    queryKey: ['search', wanted],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/search', { params: { query: { text: wanted } }, signal })),
    enabled: wanted.length >= SHORTEST,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });
}

function useSettledText(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
