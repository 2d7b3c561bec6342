import Button from '@mui/material/Button';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import { Entrance } from './Entrance';
import { EntranceLink } from './EntranceLink';
import { FormProblem } from './FormProblem';
import { NewPasswordField } from './NewPasswordField';
import { setPassword } from './setPassword';

/** Where the link of an invitation, or of a forgotten password, leads. */
export function SetPasswordScreen() {
  // Read once: the token is worth one use, and need not stay in the address.
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? '');
  const saving = useMutation({ mutationFn: setPassword });
  const problem = saving.error && asProblem(saving.error);
  const dead = token === '' || problem?.field('token') !== undefined;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    saving.mutate({ token, password: String(form.get('password')) });
  };
  return (
    <Entrance title="Set your password">
      <title>Set your password · Risk</title>
      {saving.isSuccess ? (
        <div role="status" className="rounded-sm bg-accent-wash px-3 py-2.5">
          <p className="font-medium">Your password is set</p>
          <p className="text-muted">Sessions that you had elsewhere have ended.</p>
        </div>
      ) : dead ? (
        <FormProblem title="This link is not valid any more">
          A link works once, and for a short time. Ask for another one.
        </FormProblem>
      ) : (
        <form onSubmit={submit} className="flex flex-col gap-4">
          {problem && problem.fields.length === 0 && <FormProblem error={problem} />}
          <NewPasswordField focused error={problem?.field('password')} />
          <Button type="submit" variant="contained" size="medium" loading={saving.isPending}>
            Set password
          </Button>
        </form>
      )}
      <p className="mt-5 flex gap-4 text-muted">
        <EntranceLink to="/sign-in">Sign in</EntranceLink>
        {dead && !saving.isSuccess && (
          <EntranceLink to="/forgotten-password">Ask for another link</EntranceLink>
        )}
      </p>
    </Entrance>
  );
}
