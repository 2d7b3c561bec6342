import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { ImportReading } from '@/shared/api/types';

/** Fetched again whenever the importer says that something has changed: see the stream. */
export const IMPORTS = ['imports'] as const;

/** All imports, the newest first: those of the command line too. */
export function useImports() {
  return useInfiniteQuery({
    queryKey: [...IMPORTS, 'list'],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(client.GET('/api/v1/imports', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** One import, with the preview of its file. */
export function useImport(id: number) {
  return useQuery({
    queryKey: [...IMPORTS, id],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/imports/{import_id}', { params: { path: { import_id: id } }, signal })),
  });
}

/** What can be done with one import. */
export function useImportActions(id: number) {
  const cache = useQueryClient();
  const params = { path: { import_id: id } };
  const renew = () => cache.invalidateQueries({ queryKey: IMPORTS });
  const read = useMutation({
    mutationFn: (body: ImportReading) =>
      unwrap(client.PUT('/api/v1/imports/{import_id}/reading', { params, body })),
    onSettled: renew,
  });
  const start = useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/imports/{import_id}/start', { params })),
    onSettled: renew,
  });
  const undo = useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/imports/{import_id}/undo', { params })),
    onSettled: renew,
  });
  const refused = useMutation({
    mutationFn: () => unwrap(client.GET('/api/v1/imports/{import_id}/refused', { params })),
    onSuccess: ({ url }) => window.location.assign(url),
  });
  return { read, start, undo, refused };
}
