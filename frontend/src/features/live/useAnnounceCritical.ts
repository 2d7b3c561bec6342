import { useEffect } from 'react';
import { plural } from '@/shared/format/number';
import { useStream } from '@/shared/stream/StreamProvider';
import { announce } from '@/shared/ui/notices/Announcer';

const AT_MOST_EVERY = 10_000;

/** Has new critical assessments read out, counted, at most every ten seconds. */
export function useAnnounceCritical(): void {
  const { feed } = useStream();
  useEffect(() => {
    let told = feed.rows.get()[0]?.sequence ?? Number.POSITIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      timer = undefined;
      const rows = feed.rows.get();
      const fresh = rows.filter((row) => row.sequence > told && row.level === 'CRITICAL').length;
      told = rows[0]?.sequence ?? told;
      if (fresh > 0) announce(plural(fresh, 'new critical assessment'));
    };
    const unsubscribe = feed.rows.subscribe(() => {
      // The first rows are the past, not news.
      if (told === Number.POSITIVE_INFINITY) told = feed.rows.get()[0]?.sequence ?? told;
      timer ??= setTimeout(tell, AT_MOST_EVERY);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [feed]);
}
