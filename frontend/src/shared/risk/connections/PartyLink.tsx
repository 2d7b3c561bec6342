import { Link } from '@tanstack/react-router';
import { type EntityKind, KIND_WORDS } from '@/shared/entities/kinds';

interface Props {
  kind: EntityKind;
  id: string;
}

const LOOK = 'rounded-xs hover:text-accent hover:underline underline-offset-2';

/** The value of an entity, leading to its page. In a row that can be picked it does not pick. */
export function PartyLink({ kind, id }: Props) {
  return (
    <Link
      {...placeOf(kind, id)}
      className={LOOK}
      title={`Open the ${KIND_WORDS[kind].name.toLowerCase()} ${id}`}
      preload={false}
      onClick={(event) => event.stopPropagation()}
    >
      {id}
    </Link>
  );
}

/** Where an entity's page is. */
export function placeOf(kind: EntityKind, id: string) {
  switch (kind) {
    case 'account':
      return { to: '/accounts/$accountId', params: { accountId: id } } as const;
    case 'counterparty':
      return { to: '/counterparties/$counterpartyId', params: { counterpartyId: id } } as const;
    default:
      return { to: '/entities/$kind/$value', params: { kind, value: id } } as const;
  }
}
