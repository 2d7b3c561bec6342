import Button from '@mui/material/Button';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useCommands } from '@/shared/commands/registry';
import { type EntityKind, KIND_WORDS } from '@/shared/entities/kinds';
import { useLists } from '@/shared/lists/useLists';
import { useMay } from '@/shared/session/useMay';
import { announce } from '@/shared/ui/notices/Announcer';
import { MemberTags } from './MemberTags';
import { UndoBar } from './UndoBar';
import { useEntityLists } from './useEntityLists';
import { type Listing, useListing } from './useListing';
import { useAccountsOf } from './useSharing';

const ListDialog = lazy(() => import('./ListDialog'));

/** What can be done with an entity from its page: put it, or all of its accounts, on a list; and undo. */
export function EntityActions({ kind, id }: { kind: EntityKind; id: string }) {
  const mayWrite = useMay('lists:write');
  const member = useEntityLists(kind, id);
  const asLists = useLists();
  const lists = asLists.data?.pages.flatMap((page) => page.items) ?? [];
  const met = useAccountsOf(kind, id, mayWrite && kind !== 'account');
  const accounts = met.data?.kinds.find((each) => each.kind === 'account');
  const failed = mayWrite && [asLists, met, member].filter(({ isError }) => isError);
  const [asked, setAsked] = useState<'self' | 'accounts' | null>(null);
  const [last, setLast] = useState<Listing | null>(null);
  const { undo } = useListing();
  const own = lists.filter(({ subject }) => subject === kind);
  const ofAccounts = lists.filter(({ subject }) => subject === 'account');
  const listSelf = mayWrite && own.length > 0;
  const total = accounts?.total ?? 0;
  const listAccounts = mayWrite && kind !== 'account' && total > 0 && ofAccounts.length > 0;
  const takeBack = () => {
    if (!last || undo.isPending) return;
    undo.mutate(last, {
      onSuccess: () => {
        announce(`Taken off ${last.list} again`);
        setLast(null);
      },
    });
  };
  useCommands([
    {
      id: 'entity.list',
      group: 'Entity',
      name: 'Put on a list…',
      keys: ['l'],
      words: 'block allow watch',
      when: listSelf,
      run: () => setAsked('self'),
    },
    {
      id: 'entity.accounts',
      group: 'Entity',
      name: 'Put its accounts on a list…',
      keys: ['b'],
      words: 'block allow watch all',
      when: listAccounts,
      run: () => setAsked('accounts'),
    },
    { id: 'entity.undo', group: 'Entity', name: 'Undo', keys: ['z'], when: last !== null, run: takeBack },
  ]);
  const done = (listing: Listing) => {
    setAsked(null);
    setLast(listing);
    announce(`${listing.values.length} put on ${listing.list}`);
  };
  const name = KIND_WORDS[kind].name.toLowerCase();
  return (
    <>
      <MemberTags members={member.data?.items ?? []} />
      <div className="ml-auto flex flex-wrap gap-2">
        {failed && failed.length > 0 && (
          <Button color="error" onClick={() => failed.forEach((query) => void query.refetch())}>
            Actions did not load: try again
          </Button>
        )}
        {listSelf && (
          <Button variant="outlined" aria-keyshortcuts="L" onClick={() => setAsked('self')}>
            Put on a list
          </Button>
        )}
        {listAccounts && (
          <Button variant="outlined" aria-keyshortcuts="B" onClick={() => setAsked('accounts')}>
            List its {total === 1 ? 'account' : `${total} accounts`}
          </Button>
        )}
        {mayWrite && member.data?.listable && own.length === 0 && (
          <Button component={Link} to="/lists" variant="outlined">
            No list takes {KIND_WORDS[kind].others.toLowerCase()} yet
          </Button>
        )}
      </div>
      {last && (
        <UndoBar
          listing={last}
          error={undo.error}
          busy={undo.isPending}
          onUndo={takeBack}
          onClose={() => setLast(null)}
        />
      )}
      {asked && (
        <Suspense>
          {asked === 'self' ? (
            <ListDialog kind={kind} values={[id]} lists={own} onDone={done} onClose={() => setAsked(null)} />
          ) : (
            <ListDialog
              kind="account"
              values={accounts?.items.map(({ value }) => value) ?? []}
              left={total - (accounts?.items.length ?? 0)}
              of={`Accounts in the latest events of the ${name} ${id}`}
              lists={ofAccounts}
              onDone={done}
              onClose={() => setAsked(null)}
            />
          )}
        </Suspense>
      )}
    </>
  );
}
