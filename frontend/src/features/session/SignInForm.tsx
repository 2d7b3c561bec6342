import Button from '@mui/material/Button';
import type { FormEvent } from 'react';
import { asProblem } from '@/shared/api/problem';
import { useSignIn } from '@/shared/session/useSignIn';
import { Field } from '@/shared/ui/fields/Field';
import { FormProblem } from './FormProblem';

interface Props {
  email?: string;
  onSignedIn?: () => void;
}

export function SignInForm({ email = '', onSignedIn }: Props) {
  const signIn = useSignIn();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const credentials = { email: String(form.get('email')).trim(), password: String(form.get('password')) };
    signIn.mutate(credentials, onSignedIn ? { onSuccess: onSignedIn } : undefined);
  };
  const wrong = signIn.error && asProblem(signIn.error).status === 401;
  return (
    <form onSubmit={submit} className="flex flex-col gap-4 pt-1">
      {wrong ? (
        <FormProblem title="The email or the password is not right">Check both and try again.</FormProblem>
      ) : (
        signIn.error && <FormProblem error={signIn.error} />
      )}
      <Field
        name="email"
        type="email"
        label="Email"
        autoComplete="username"
        defaultValue={email}
        focused={email === ''}
        required
      />
      <Field
        name="password"
        type="password"
        label="Password"
        autoComplete="current-password"
        focused={email !== ''}
        required
      />
      <Button type="submit" variant="contained" size="medium" loading={signIn.isPending}>
        Sign in
      </Button>
    </form>
  );
}
