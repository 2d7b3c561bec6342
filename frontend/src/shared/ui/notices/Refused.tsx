import { asProblem } from '@/shared/api/problem';

const STALE =
  'It has been changed since you opened it: close this, look at what it says now, and decide anew.';

interface Props {
  error: Error | null;
  /** What to do when somebody else was faster (412). */
  stale?: string;
}

/** Why the server did not do it. That somebody was faster is nobody's fault, and said so. */
export function Refused({ error, stale = STALE }: Props) {
  if (!error) return null;
  const { status, title, detail } = asProblem(error);
  const calm = status === 412;
  return (
    <p
      role="alert"
      className={`mb-3 rounded-sm px-3 py-2 ${calm ? 'bg-medium-wash text-medium' : 'bg-critical-wash text-critical'}`}
    >
      <span className="font-medium">{calm ? 'Someone was faster.' : `${title}:`}</span>{' '}
      {calm ? stale : detail}
    </p>
  );
}
