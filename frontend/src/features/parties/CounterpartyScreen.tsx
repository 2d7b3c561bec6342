import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { PartyPage } from './PartyPage';

export function CounterpartyScreen() {
  const { counterpartyId } = useParams({ from: '/shell/counterparties/$counterpartyId' });
  const { event } = useSearch({ from: '/shell/counterparties/$counterpartyId' });
  const navigate = useNavigate();
  return (
    <PartyPage
      key={counterpartyId}
      kind="counterparty"
      id={counterpartyId}
      selected={event}
      onSelect={(next) =>
        void navigate({
          to: '/counterparties/$counterpartyId',
          params: { counterpartyId },
          search: next ? { event: next } : {},
          replace: true,
        })
      }
    />
  );
}
