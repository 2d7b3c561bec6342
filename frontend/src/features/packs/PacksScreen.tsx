import { Link, useSearch } from '@tanstack/react-router';
import { usePacks, usePacksWithPage } from '@/shared/packs/usePacks';
import { Notice } from '@/shared/ui/notices/Notice';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { RefreshButton } from '@/shared/ui/RefreshButton';
import { SectionView } from './SectionView';
import { usePackPage } from './usePackPage';

/** The pages of installed packs: whatever each declares, drawn by kind. */
export function PacksScreen() {
  const { pack } = useSearch({ from: '/shell/packs' });
  const packs = usePacks();
  const listed = usePacksWithPage();
  const name = pack ?? listed[0]?.name;
  const page = usePackPage(name);
  const error = packs.error ?? page.error;
  return (
    <div className="flex h-full flex-col gap-3 overflow-y-auto p-3 sm:p-4">
      <title>{`${page.data?.title ?? 'Packs'} · Risk`}</title>
      <nav aria-label="Packs" className="flex shrink-0 flex-wrap gap-1">
        {listed.map((each) => (
          <Link
            key={each.name}
            to="/packs"
            search={{ pack: each.name }}
            aria-current={each.name === name ? 'page' : undefined}
            className={`rounded-sm px-2.5 py-1 hover:bg-hover ${each.name === name ? 'bg-selected font-medium text-accent' : 'text-muted'}`}
          >
            {each.title}
          </Link>
        ))}
      </nav>
      {error && (
        <ProblemNotice error={error} onRetry={() => void (packs.error ? packs.refetch() : page.refetch())} />
      )}
      {packs.data && !name && (
        <Notice page title="No pack with a page is installed">
          An administrator installs packs in the settings.
        </Notice>
      )}
      {page.isLoading && <SkeletonLines lines={8} />}
      {page.data && (
        <>
          <header className="flex shrink-0 items-start justify-between gap-4">
            <div className="max-w-3xl">
              <h1 className="text-lg font-semibold tracking-tight">{page.data.title}</h1>
              <p className="text-muted">{page.data.description}</p>
            </div>
            <RefreshButton query={page} />
          </header>
          {page.data.sections.map((section) => (
            <SectionView key={section.title} section={section} />
          ))}
        </>
      )}
    </div>
  );
}
