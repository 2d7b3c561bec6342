import Button from '@mui/material/Button';
import { Link, Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import { session } from '@/shared/session/store';
import { Entrance } from './Entrance';
import { SignInForm } from './SignInForm';
import { useSignInOptions } from './useSignInOptions';

export function SignInScreen() {
  const { to = '/live' } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const { data: options } = useSignInOptions();
  if (session.get().status === 'active') return <Navigate to={to} replace />;
  return (
    <Entrance title="Sign in to Risk">
      <title>Sign in · Risk</title>
      <SignInForm onSignedIn={() => void navigate({ to, replace: true })} />
      {options?.identity_provider && (
        <Button href="/api/v1/auth/oidc/login" variant="outlined" fullWidth sx={{ mt: 1.5 }}>
          Sign in with your organization
        </Button>
      )}
      {options?.registration !== false && (
        <p className="mt-5 text-muted">
          No account yet?{' '}
          <Link to="/register" className="font-medium text-accent underline underline-offset-2">
            Create one
          </Link>
        </p>
      )}
    </Entrance>
  );
}
