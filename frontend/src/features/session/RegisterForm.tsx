import Button from '@mui/material/Button';
import type { FormEvent } from 'react';
import { asProblem } from '@/shared/api/problem';
import { Field } from '@/shared/ui/Field';
import { FormProblem } from './FormProblem';

const SHORTEST_PASSWORD = 12;
const LONGEST_PASSWORD = 128;

interface Props {
  busy: boolean;
  error: Error | null;
  onSubmit: (account: { email: string; password: string }) => void;
}

export function RegisterForm({ busy, error, onSubmit }: Props) {
  const problem = error && asProblem(error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    onSubmit({ email: String(form.get('email')).trim(), password: String(form.get('password')) });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {problem && <FormProblem error={problem} />}
      <Field
        name="email"
        type="email"
        label="Email"
        autoComplete="username"
        focused
        required
        error={problem?.field('email')}
      />
      <Field
        name="password"
        type="password"
        label="Password"
        autoComplete="new-password"
        required
        minLength={SHORTEST_PASSWORD}
        maxLength={LONGEST_PASSWORD}
        help={`At least ${SHORTEST_PASSWORD} characters`}
        error={problem?.field('password')}
      />
      <Button type="submit" variant="contained" size="medium" loading={busy}>
        Create account
      </Button>
      <p className="text-faint">You will be a viewer: you can see risk and alerts, not act on them.</p>
    </form>
  );
}
