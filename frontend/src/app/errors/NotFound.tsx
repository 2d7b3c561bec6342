import Button from '@mui/material/Button';
import { useNavigate } from '@tanstack/react-router';
import { Notice } from '@/shared/ui/notices/Notice';

export function NotFound() {
  const navigate = useNavigate();
  return (
    <main className="grid h-full place-items-center">
      <title>Not found · Risk</title>
      <Notice
        page
        title="There is no such page"
        action={
          <Button variant="contained" onClick={() => void navigate({ to: '/live' })}>
            Go to Live
          </Button>
        }
      >
        The address may be mistyped, or the page may have moved.
      </Notice>
    </main>
  );
}
