import Button from '@mui/material/Button';
import type { FormEvent } from 'react';
import { asProblem } from '@/shared/api/problem';
import { Field } from '@/shared/ui/fields/Field';
import { FormProblem } from './FormProblem';

interface Props {
  busy: boolean;
  error: Error | null;
  onSubmit: (email: string) => void;
}

export function RegisterForm({ busy, error, onSubmit }: Props) {
  const problem = error && asProblem(error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(String(new FormData(event.currentTarget).get('email')).trim());
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {problem && problem.fields.length === 0 && <FormProblem error={problem} />}
      <Field
        name="email"
        type="email"
        label="Email"
        autoComplete="username"
        focused
        required
        help="A link to set your password is mailed to it."
        error={problem?.field('email')}
      />
      <Button type="submit" variant="contained" size="medium" loading={busy}>
        Create account
      </Button>
      <p className="text-faint">You will be a viewer: you can see risk and alerts, not act on them.</p>
    </form>
  );
}
