import { useNavigate } from '@tanstack/react-router';
import type { AssessmentDetail, AssessmentSummary } from '@/shared/api/types';
import { useCommands } from '@/shared/commands/registry';
import { entityOfAttribute } from '@/shared/entities/attributes';
import { type EntityKind, KIND_WORDS } from '@/shared/entities/kinds';
import { placeOf } from '../connections/PartyLink';

const KEYS: Record<EntityKind, string> = {
  account: 'o a',
  counterparty: 'o c',
  device: 'o d',
  ip: 'o i',
  card: 'o k',
  email: 'o e',
  email_domain: 'o m',
};

/** Keys that lead from an event to what it names: `o d` to its device. */
export function useEntityKeys(a: AssessmentSummary & Partial<AssessmentDetail>): void {
  const navigate = useNavigate();
  const named: Partial<Record<EntityKind, string | null | undefined>> = {
    account: a.account_id,
    counterparty: a.counterparty_id,
    device: a.device_id,
    ip: a.ip,
  };
  for (const [name, value] of Object.entries(a.attributes ?? {})) {
    const entity = entityOfAttribute(name, value);
    if (entity) named[entity.kind] ??= entity.id;
  }
  useCommands(
    (Object.keys(KEYS) as EntityKind[]).map((kind) => {
      const id = named[kind];
      return {
        id: `event.open.${kind}`,
        group: 'Event',
        name: `Open its ${KIND_WORDS[kind].name.toLowerCase()}`,
        keys: [KEYS[kind]],
        when: Boolean(id),
        run: () => void (id && navigate(placeOf(kind, id))),
      };
    }),
  );
}
