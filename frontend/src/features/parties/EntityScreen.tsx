import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type EntityKind, KIND_WORDS } from '@/shared/entities/kinds';
import { Notice } from '@/shared/ui/notices/Notice';
import { PartyPage } from './PartyPage';

const isKind = (kind: string): kind is EntityKind => kind in KIND_WORDS;

export function EntityScreen() {
  const { kind, value } = useParams({ from: '/shell/entities/$kind/$value' });
  const { event } = useSearch({ from: '/shell/entities/$kind/$value' });
  const navigate = useNavigate();
  if (!isKind(kind)) return <Notice title="Not found">There are no entities of this kind.</Notice>;
  return (
    <PartyPage
      key={`${kind} ${value}`}
      kind={kind}
      id={value}
      selected={event}
      onSelect={(next) =>
        void navigate({
          to: '/entities/$kind/$value',
          params: { kind, value },
          search: next ? { event: next } : {},
          replace: true,
        })
      }
    />
  );
}
