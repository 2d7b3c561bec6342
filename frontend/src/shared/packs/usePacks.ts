import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { components } from '@/shared/api/schema';

export type PackSummary = components['schemas']['PackSummary'];

export const PACKS = ['packs'] as const;

/** The packs that ship or are installed. */
export function usePacks() {
  return useQuery({
    queryKey: PACKS,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/packs', { signal })),
    staleTime: 300_000,
  });
}

/** Those that are installed and bring a page. */
export function usePacksWithPage(): PackSummary[] {
  return usePacks().data?.items.filter((pack) => pack.installed_version !== null && pack.has_page) ?? [];
}
