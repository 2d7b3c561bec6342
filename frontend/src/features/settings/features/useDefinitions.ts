import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap, unwrapTagged } from '@/shared/api/client';
import type { DefinitionStatus, NewDefinition } from '@/shared/api/types';

const DEFINITIONS = ['definitions'] as const;
const POLL_MS = 1_000;

/** The definitions of users by name, a page at a time. */
export function useDefinitions() {
  return useInfiniteQuery({
    queryKey: [...DEFINITIONS, 'all'],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(client.GET('/api/v1/definitions', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** One with its versions, and the tag of what was read; asked for again while the engine backfills it. */
export function useDefinition(id: string) {
  return useQuery({
    queryKey: [...DEFINITIONS, 'one', id],
    queryFn: ({ signal }) =>
      unwrapTagged(
        client.GET('/api/v1/definitions/{definition_id}', {
          params: { path: { definition_id: id } },
          signal,
        }),
      ),
    refetchInterval: ({ state }) =>
      state.data?.data.versions.some(({ status, backfill }) => status === 'backfilled' && !backfill)
        ? POLL_MS
        : false,
  });
}

/** What is done with definitions. Rules know other features afterwards. */
export function useDefinitionActions(id = '', etag = '') {
  const cache = useQueryClient();
  const onSuccess = () =>
    Promise.all([DEFINITIONS, ['rule-names']].map((queryKey) => cache.invalidateQueries({ queryKey })));
  const params = { path: { definition_id: id }, header: { 'If-Match': etag } };
  const create = useMutation({
    mutationFn: (body: NewDefinition) => unwrap(client.POST('/api/v1/definitions', { body })),
    onSuccess,
  });
  const edit = useMutation({
    mutationFn: ({ name: _, ...body }: NewDefinition & { base_version: number }) =>
      unwrap(client.PUT('/api/v1/definitions/{definition_id}', { params, body })),
    onSuccess,
  });
  const preview = useMutation({
    mutationFn: (definition: NewDefinition) =>
      unwrap(client.POST('/api/v1/definitions/preview', { body: { definition, max_events: 50_000 } })),
  });
  const move = useMutation({
    mutationFn: (body: { to: DefinitionStatus; version: number; reason: string }) =>
      unwrap(client.POST('/api/v1/definitions/{definition_id}/transition', { params, body })),
    onSuccess,
  });
  const rollBack = useMutation({
    mutationFn: (reason: string) =>
      unwrap(client.POST('/api/v1/definitions/{definition_id}/rollback', { params, body: { reason } })),
    onSuccess,
  });
  return { create, edit, preview, move, rollBack };
}
