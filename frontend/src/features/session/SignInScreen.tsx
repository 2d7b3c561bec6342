import { Link, Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import { session } from '@/shared/session/store';
import { Entrance } from './Entrance';
import { SignInForm } from './SignInForm';

export function SignInScreen() {
  const { to = '/live' } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  if (session.get().status === 'active') return <Navigate to={to} replace />;
  return (
    <Entrance title="Sign in to Risk">
      <title>Sign in · Risk</title>
      <SignInForm onSignedIn={() => void navigate({ to, replace: true })} />
      <p className="mt-5 text-muted">
        No account yet?{' '}
        <Link to="/register" className="font-medium text-accent underline underline-offset-2">
          Create one
        </Link>
      </p>
    </Entrance>
  );
}
