import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { components } from '@/shared/api/schema';

export type RuleTarget = components['schemas']['RuleTarget'];
export type PackOutcome = components['schemas']['PackOutcome'];

interface Installation {
  name: string;
  rules: RuleTarget;
  tried: boolean;
}

/** Installs packs, upgrades and removes them. What is only tried changes nothing. */
export function usePackActions() {
  const cache = useQueryClient();
  // A pack brings rules, lists, types and documents: whatever is shown of them is old now.
  const onSuccess = (outcome: PackOutcome) => (outcome.dry_run ? undefined : cache.invalidateQueries());
  const install = useMutation({
    mutationFn: ({ name, rules, tried }: Installation) =>
      unwrap(
        client.PUT('/api/v1/packs/{name}', { params: { path: { name } }, body: { rules, dry_run: tried } }),
      ),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (name: string) =>
      unwrap(client.DELETE('/api/v1/packs/{name}', { params: { path: { name } } })),
    onSuccess,
  });
  return { install, remove };
}
