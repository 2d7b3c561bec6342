import { useStore } from '@/shared/store';
import type { Connection } from './connection';
import { useStream } from './StreamProvider';

export function useConnection(): Connection {
  return useStore(useStream().connection);
}
