import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { components } from '@/shared/api/schema';
import { PACKS } from '@/shared/packs/usePacks';

export type PackPage = components['schemas']['FilledPage'];
export type PackSection = PackPage['sections'][number];
export type SectionOf<Kind extends PackSection['kind']> = Extract<PackSection, { kind: Kind }>;

/** The page that a pack declares, with what is stored. */
export function usePackPage(name: string | undefined) {
  return useQuery({
    queryKey: [...PACKS, name, 'page'],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/packs/{name}/page', { params: { path: { name: name ?? '' } }, signal })),
    enabled: name !== undefined,
  });
}
