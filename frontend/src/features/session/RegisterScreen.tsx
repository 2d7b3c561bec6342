import { useNavigate } from '@tanstack/react-router';
import { asProblem } from '@/shared/api/problem';
import { useSignIn } from '@/shared/session/useSignIn';
import { SkeletonLines } from '@/shared/ui/SkeletonLines';
import { Entrance } from './Entrance';
import { EntranceLink } from './EntranceLink';
import { FormProblem } from './FormProblem';
import { RegisterForm } from './RegisterForm';
import { useRegister } from './useRegister';
import { useSignInOptions } from './useSignInOptions';

export function RegisterScreen() {
  const register = useRegister();
  const signIn = useSignIn();
  const navigate = useNavigate();
  const { data: options, isPending } = useSignInOptions();
  const enter = async (account: { email: string; password: string }) => {
    await register.mutateAsync(account);
    await signIn.mutateAsync(account);
    await navigate({ to: '/live' });
  };
  const refused = register.error && asProblem(register.error).status === 403;
  const closed = refused || options?.registration === false;
  return (
    <Entrance title="Create an account">
      <title>Create an account · Risk</title>
      {isPending ? (
        <SkeletonLines lines={5} />
      ) : closed ? (
        <FormProblem title="Registration is closed" calm>
          An administrator invites people here. Ask yours for an account: you then get a link to set your
          password.
        </FormProblem>
      ) : (
        <RegisterForm
          busy={register.isPending || signIn.isPending}
          error={register.error ?? signIn.error}
          onSubmit={(account) => void enter(account).catch(() => undefined)}
        />
      )}
      <p className="mt-5 text-muted">
        Have one already? <EntranceLink to="/sign-in">Sign in</EntranceLink>
      </p>
    </Entrance>
  );
}
