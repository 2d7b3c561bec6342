import { Link, useParams } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useMe } from '@/shared/session/useMe';
import { Notice } from '@/shared/ui/notices/Notice';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { SECTIONS, type Section } from './sections';

/** The settings: their parts at the side, or over them on a phone, and the one that the address names. */
export function SettingsScreen() {
  const { section: id } = useParams({ from: '/shell/settings/$section' });
  const me = useMe();
  const section = SECTIONS.find((each) => each.id === id);
  const allowed = (each: Section) => !each.needs || me.data?.permissions.includes(each.needs) === true;
  return (
    <div className="flex h-full flex-col gap-3 p-3 sm:p-4 lg:flex-row lg:gap-4">
      <title>{`${section?.name ?? 'Settings'} · Risk`}</title>
      <nav
        aria-label="Settings"
        className="flex shrink-0 gap-1 overflow-x-auto lg:w-44 lg:flex-col lg:overflow-visible lg:pt-1"
      >
        {SECTIONS.filter(allowed).map((each, i, listed) => (
          <span key={each.id} className="contents">
            {listed[i - 1]?.group !== each.group && (
              <span className={`px-2.5 text-xs text-faint max-lg:hidden ${i > 0 ? 'pt-3' : ''}`}>
                {each.group}
              </span>
            )}
            <Link
              to="/settings/$section"
              params={{ section: each.id }}
              className="rounded-sm px-2.5 py-1 whitespace-nowrap text-muted hover:bg-hover hover:text-strong"
              activeProps={{ className: 'bg-selected! text-accent! font-medium' }}
            >
              {each.name}
            </Link>
          </span>
        ))}
      </nav>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        {me.isPending ? (
          <SkeletonLines lines={8} />
        ) : me.error ? (
          <ProblemNotice error={me.error} onRetry={() => void me.refetch()} />
        ) : !section ? (
          <Notice page title="There is no such setting">
            Choose one of those that are listed.
          </Notice>
        ) : allowed(section) ? (
          <Suspense fallback={<SkeletonLines lines={8} />}>
            <section.screen />
          </Suspense>
        ) : (
          <Notice page alert title="Your role does not allow this">
            {section.name} are for administrators. You are signed in as {me.data?.email}, {me.data?.role}.
          </Notice>
        )}
      </div>
    </div>
  );
}
