import Button from '@mui/material/Button';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import { Field } from '@/shared/ui/Field';
import { Notice } from '@/shared/ui/Notice';
import { Entrance } from './Entrance';
import { FormProblem } from './FormProblem';
import { setPassword } from './setPassword';

const SHORTEST_PASSWORD = 12;
const LONGEST_PASSWORD = 128;

/** Where the link of an invitation, or of a forgotten password, leads. */
export function SetPasswordScreen() {
  // Read once: the token is worth one use, and need not stay in the address.
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? '');
  const saving = useMutation({ mutationFn: setPassword });
  const problem = saving.error && asProblem(saving.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    saving.mutate({ token, password: String(form.get('password')) });
  };
  return (
    <Entrance title="Set your password">
      <title>Set your password · Risk</title>
      {saving.isSuccess ? (
        <Notice title="Your password is set">Sign in with it.</Notice>
      ) : (
        <form onSubmit={submit} className="flex flex-col gap-4">
          {problem && <FormProblem error={problem} />}
          <Field
            name="password"
            type="password"
            label="New password"
            autoComplete="new-password"
            focused
            required
            minLength={SHORTEST_PASSWORD}
            maxLength={LONGEST_PASSWORD}
            help={`At least ${SHORTEST_PASSWORD} characters`}
            error={problem?.field('password')}
          />
          <Button type="submit" variant="contained" size="medium" loading={saving.isPending}>
            Set password
          </Button>
        </form>
      )}
      <p className="mt-5 text-muted">
        <Link to="/sign-in" className="font-medium text-accent underline underline-offset-2">
          Sign in
        </Link>
      </p>
    </Entrance>
  );
}
