import { asProblem } from '@/shared/api/problem';

/** Why a change was not made. That somebody else was faster is no fault of the reader's, and said so. */
export function ChangeRefused({ error }: { error: Error | null }) {
  if (!error) return null;
  const { status, title, detail } = asProblem(error);
  if (status === 412) {
    return (
      <Message calm>
        <span className="font-medium">Someone was faster.</span> The rule has been changed since you opened
        it. You see it as it is now; nothing of yours is lost. If you still want to, do it again.
      </Message>
    );
  }
  return (
    <Message>
      <span className="font-medium">{title}:</span> {detail}
    </Message>
  );
}

function Message({ calm = false, children }: React.PropsWithChildren<{ calm?: boolean }>) {
  const look = calm ? 'bg-medium-wash text-medium' : 'bg-critical-wash text-critical';
  return (
    <p role="alert" className={`mb-3 rounded-sm px-3 py-2 ${look}`}>
      {children}
    </p>
  );
}
