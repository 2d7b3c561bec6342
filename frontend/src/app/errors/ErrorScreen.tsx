import Button from '@mui/material/Button';
import { asProblem } from '@/shared/api/problem';
import { Notice } from '@/shared/ui/notices/Notice';
import { Forbidden } from './Forbidden';

/** The last resort: whatever a screen did not handle. */
export function ErrorScreen({ error }: { error: unknown }) {
  const problem = asProblem(error);
  if (problem.status === 403) return <Forbidden detail={problem.detail} />;
  return (
    <div className="grid h-full place-items-center">
      <Notice
        page
        alert
        title={problem.title}
        action={
          <Button variant="contained" onClick={() => location.reload()}>
            Reload the page
          </Button>
        }
      >
        {problem.detail}
      </Notice>
    </div>
  );
}
