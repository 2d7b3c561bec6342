import { QueryClient } from '@tanstack/react-query';
import { Problem } from '@/shared/api/problem';

/** A refusal is an answer: only what may go better the next time is asked again. */
function worthRetrying(failures: number, error: Error): boolean {
  const refused = error instanceof Problem && error.status >= 400 && error.status < 500;
  return !refused && failures < 2;
}

/** A screen that may not be seen is replaced as a whole (ErrorScreen); other errors are shown in their place. */
const forbidden = (error: Error): boolean => error instanceof Problem && error.status === 403;

export const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: worthRetrying,
      throwOnError: forbidden,
      refetchOnWindowFocus: false,
    },
    mutations: { retry: false },
  },
});
