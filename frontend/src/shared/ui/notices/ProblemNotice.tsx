import Button from '@mui/material/Button';
import { asProblem } from '@/shared/api/problem';
import { Notice } from './Notice';

/** An error in words, with the id that helps an administrator find it. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = asProblem(error);
  return (
    <Notice
      alert
      title={problem.title}
      action={
        onRetry && (
          <Button variant="outlined" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {problem.detail}
      {problem.requestId && (
        <span className="mt-2 block font-mono text-2xs text-faint">Request {problem.requestId}</span>
      )}
    </Notice>
  );
}
