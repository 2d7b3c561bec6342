import { Link } from '@tanstack/react-router';

interface Props {
  kind: 'account' | 'counterparty';
  id: string;
}

const LOOK = 'rounded-xs hover:text-accent hover:underline underline-offset-2';

/** The id of an account or a counterparty, leading to its page. In a row that can be picked it does not pick. */
export function PartyLink({ kind, id }: Props) {
  const common = {
    className: LOOK,
    title: `Open the ${kind} ${id}`,
    preload: false as const,
    onClick: (event: React.MouseEvent) => event.stopPropagation(),
  };
  return kind === 'account' ? (
    <Link to="/accounts/$accountId" params={{ accountId: id }} {...common}>
      {id}
    </Link>
  ) : (
    <Link to="/counterparties/$counterpartyId" params={{ counterpartyId: id }} {...common}>
      {id}
    </Link>
  );
}
