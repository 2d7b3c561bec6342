import Button from '@mui/material/Button';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { client, unwrap } from '@/shared/api/client';
import { asProblem } from '@/shared/api/problem';
import { Field } from '@/shared/ui/fields/Field';
import { Entrance } from './Entrance';
import { EntranceLink } from './EntranceLink';
import { FormProblem } from './FormProblem';

const ask = (email: string) =>
  unwrap(client.POST('/api/v1/auth/password/reset-request', { body: { email } }));

/** Asks for a link to set a new password. Whether there is such an account is told to its owner only. */
export function ForgottenPasswordScreen() {
  const asking = useMutation({ mutationFn: ask });
  const problem = asking.error && asProblem(asking.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    asking.mutate(String(new FormData(event.currentTarget).get('email')).trim());
  };
  return (
    <Entrance title="Forgotten your password?">
      <title>Forgotten password · Risk</title>
      {asking.isSuccess ? (
        <div role="status" className="rounded-sm bg-accent-wash px-3 py-2.5">
          <p className="font-medium">It is on its way, if {asking.variables} has an account</p>
          <p className="text-muted">
            Look for a mail with a link. Where no mail is sent, an administrator sees that you asked, and can
            give you the link.
          </p>
        </div>
      ) : (
        <form onSubmit={submit} className="flex flex-col gap-4">
          {problem && problem.fields.length === 0 && <FormProblem error={problem} />}
          <Field
            name="email"
            type="email"
            label="Email"
            autoComplete="username"
            focused
            required
            help="A link to set a new one is mailed to it."
            error={problem?.field('email')}
          />
          <Button type="submit" variant="contained" size="medium" loading={asking.isPending}>
            Ask for a link
          </Button>
        </form>
      )}
      <p className="mt-5 text-muted">
        Remembered it? <EntranceLink to="/sign-in">Sign in</EntranceLink>
      </p>
    </Entrance>
  );
}
