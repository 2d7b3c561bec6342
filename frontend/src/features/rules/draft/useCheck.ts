import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { client, unwrap } from '@/shared/api/client';

/** How long after the last key the server is asked, in milliseconds. */
const SETTLED = 300;

/** What is wrong with an expression and the text of its reason, as the engine sees it. */
export function useCheck(expression: string, reasonText: string) {
  const text = `${expression}\0${reasonText}`;
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLED);
    return () => clearTimeout(timer);
  }, [text]);
  const [asked = '', reason = ''] = settled.split('\0');
  const query = useQuery({
    queryKey: ['rule-check', asked, reason],
    queryFn: ({ signal }) =>
      unwrap(
        client.POST('/api/v1/rules/validate', {
          body: { expression: asked, reason_text: reason || null },
          signal,
        }),
      ),
    enabled: asked.trim() !== '',
    staleTime: 60_000,
    gcTime: 60_000,
  });
  return { check: settled === text ? query.data : undefined, error: query.error };
}
