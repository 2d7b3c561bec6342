import { asProblem } from '@/shared/api/problem';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { Entrance } from './Entrance';
import { EntranceLink } from './EntranceLink';
import { FormProblem } from './FormProblem';
import { RegisterForm } from './RegisterForm';
import { useRegister } from './useRegister';
import { useSignInOptions } from './useSignInOptions';

export function RegisterScreen() {
  const register = useRegister();
  const { data: options, isPending } = useSignInOptions();
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
      ) : register.isSuccess ? (
        <div role="status" className="rounded-sm bg-accent-wash px-3 py-2.5">
          <p className="font-medium">A link is on its way to {register.variables}</p>
          <p className="text-muted">
            Set your password with it. Where no mail is sent, an administrator sees that you asked, and can
            give you the link.
          </p>
        </div>
      ) : (
        <RegisterForm busy={register.isPending} error={register.error} onSubmit={register.mutate} />
      )}
      <p className="mt-5 text-muted">
        Have one already? <EntranceLink to="/sign-in">Sign in</EntranceLink>
      </p>
    </Entrance>
  );
}
