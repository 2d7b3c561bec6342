import { Link, useNavigate } from '@tanstack/react-router';
import { asProblem } from '@/shared/api/problem';
import { useSignIn } from '@/shared/session/useSignIn';
import { Notice } from '@/shared/ui/Notice';
import { Entrance } from './Entrance';
import { RegisterForm } from './RegisterForm';
import { useRegister } from './useRegister';

export function RegisterScreen() {
  const register = useRegister();
  const signIn = useSignIn();
  const navigate = useNavigate();
  const enter = async (account: { email: string; password: string }) => {
    await register.mutateAsync(account);
    await signIn.mutateAsync(account);
    await navigate({ to: '/live' });
  };
  const closed = register.error && asProblem(register.error).status === 403;
  return (
    <Entrance title="Create an account">
      <title>Create an account · Risk</title>
      {closed ? (
        <Notice title="Registration is closed" alert>
          An administrator has to create your account.
        </Notice>
      ) : (
        <RegisterForm
          busy={register.isPending || signIn.isPending}
          error={register.error ?? signIn.error}
          onSubmit={(account) => void enter(account).catch(() => undefined)}
        />
      )}
      <p className="mt-5 text-muted">
        Have one already?{' '}
        <Link to="/sign-in" className="font-medium text-accent underline underline-offset-2">
          Sign in
        </Link>
      </p>
    </Entrance>
  );
}
