import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { Configuration } from '@/shared/api/types';
import { TAGGED } from './useTaggedConfiguration';
import { VERSIONS } from './useVersions';

interface Change {
  thresholds: Configuration['thresholds'];
  alert_policy: Configuration['alert_policy'];
  reason: string;
}

/** Puts a configuration in force, unless someone else has changed it since the one of `tag` was read. */
export function useConfigActions(tag: string) {
  const cache = useQueryClient();
  const header = { 'If-Match': tag };
  const onSuccess = (changed: Configuration) => {
    cache.setQueryData(['config'], changed);
    const keys = [VERSIONS, TAGGED, ['config-preview']];
    return Promise.all(keys.map((queryKey) => cache.invalidateQueries({ queryKey })));
  };
  const change = useMutation({
    mutationFn: (body: Change) => unwrap(client.PUT('/api/v1/config', { body, params: { header } })),
    onSuccess,
  });
  const rollBack = useMutation({
    mutationFn: (body: { version: number; reason: string }) =>
      unwrap(client.POST('/api/v1/config/rollback', { body, params: { header } })),
    onSuccess,
  });
  return { change, rollBack };
}
