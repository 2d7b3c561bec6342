import type { ModelRole } from '@/shared/api/types';

/** What a version does now: a shape and a word. */
export function RoleName({ role }: { role: ModelRole }) {
  const champion = role === 'champion';
  return (
    <span
      className={`inline-flex items-center gap-1.5 font-medium ${champion ? 'text-accent' : 'text-strong'}`}
    >
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" className="shrink-0">
        {champion ? (
          <circle cx="6" cy="6" r="5" fill="currentColor" />
        ) : (
          <>
            <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.4" />
            <path d="M6 1.6a4.4 4.4 0 0 1 0 8.8Z" fill="currentColor" />
          </>
        )}
      </svg>
      {champion ? 'Champion' : 'Challenger'}
    </span>
  );
}
