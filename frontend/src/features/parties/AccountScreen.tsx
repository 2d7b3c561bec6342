import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { PartyPage } from './PartyPage';

export function AccountScreen() {
  const { accountId } = useParams({ from: '/shell/accounts/$accountId' });
  const { event } = useSearch({ from: '/shell/accounts/$accountId' });
  const navigate = useNavigate();
  return (
    <PartyPage
      key={accountId}
      kind="account"
      id={accountId}
      selected={event}
      onSelect={(next) =>
        void navigate({
          to: '/accounts/$accountId',
          params: { accountId },
          search: next ? { event: next } : {},
          replace: true,
        })
      }
    />
  );
}
