import { asProblem } from '@/shared/api/problem';

/** Why the server did not do it. */
export function Refused({ error }: { error: Error | null }) {
  if (!error) return null;
  const { status, title, detail } = asProblem(error);
  if (status === 412) {
    return (
      <p role="alert" className="mb-3 rounded-sm bg-medium-wash px-3 py-2 text-medium">
        <span className="font-medium">Someone was faster.</span> It has been changed since you opened it:
        close this, look at what it says now, and decide anew.
      </p>
    );
  }
  return (
    <p role="alert" className="mb-3 rounded-sm bg-critical-wash px-3 py-2 text-critical">
      <span className="font-medium">{title}:</span> {detail}
    </p>
  );
}
