import Button from '@mui/material/Button';
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import { session } from '@/shared/session/store';
import { providerSignIn } from './arrive';
import { Entrance } from './Entrance';
import { EntranceLink } from './EntranceLink';
import { FormProblem } from './FormProblem';
import { SignInForm } from './SignInForm';
import { useSignInOptions } from './useSignInOptions';

export function SignInScreen() {
  const { to = '/live', failed } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const { data: options } = useSignInOptions();
  if (session.get().status === 'active') return <Navigate to={to} replace />;
  return (
    <Entrance title="Sign in to Risk">
      <title>Sign in · Risk</title>
      {failed && (
        <div className="mb-4">
          <FormProblem title="Your organization did not sign you in">
            Try again. If it goes on, an administrator can see why.
          </FormProblem>
        </div>
      )}
      {options?.identity_provider && (
        <>
          <Button
            variant="outlined"
            size="medium"
            fullWidth
            onClick={() => location.assign(providerSignIn())}
          >
            Sign in with your organization
          </Button>
          <p aria-hidden="true" className="my-4 flex items-center gap-3 text-xs text-faint">
            <span className="h-px flex-1 bg-line" />
            or with a password
            <span className="h-px flex-1 bg-line" />
          </p>
        </>
      )}
      <SignInForm onSignedIn={() => void navigate({ to, replace: true })} />
      <div className="mt-5 flex flex-wrap gap-x-4 gap-y-1 text-muted">
        <EntranceLink to="/forgotten-password">Forgotten your password?</EntranceLink>
        {options?.registration && (
          <span>
            No account yet? <EntranceLink to="/register">Create one</EntranceLink>
          </span>
        )}
      </div>
    </Entrance>
  );
}
