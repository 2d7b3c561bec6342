import type { RuleStatus } from '@/shared/api/types';
import { STATUS_WORD } from './words';

const SHAPES: Record<RuleStatus, React.ReactElement> = {
  draft: (
    <circle
      cx="6"
      cy="6"
      r="4.4"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeDasharray="2.2 1.6"
    />
  ),
  shadow: (
    <>
      <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M6 1.6a4.4 4.4 0 0 1 0 8.8Z" fill="currentColor" />
    </>
  ),
  live: <circle cx="6" cy="6" r="5" fill="currentColor" />,
  archived: <path d="M1.5 2.5h9v2.4h-9ZM2.4 5.8h7.2v4.2H2.4Z" fill="currentColor" />,
};

const INK: Record<RuleStatus, string> = {
  draft: 'text-muted',
  shadow: 'text-strong',
  live: 'text-accent',
  archived: 'text-faint',
};

interface Props {
  status: RuleStatus;
  /** Of events that a live version acts on. */
  percent?: number | undefined;
  /** Why the engine took a version out of force. */
  suspended?: string | null;
}

/** Where a rule or a version stands: a shape and a word. */
export function RuleStatusName({ status, percent, suspended }: Props) {
  return (
    <span className={`inline-flex items-center gap-1.5 font-medium ${INK[status]}`} data-rule-status={status}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" className="shrink-0">
        {SHAPES[status]}
      </svg>
      {STATUS_WORD[status]}
      {status === 'live' && percent !== undefined && percent < 100 && ` at ${percent} %`}
      {suspended && (
        <span className="text-critical" title={suspended}>
          suspended
        </span>
      )}
    </span>
  );
}
