import Button from '@mui/material/Button';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef } from 'react';
import { client, done } from '@/shared/api/client';
import { asProblem } from '@/shared/api/problem';
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '@/shared/session/password';
import { Field } from '@/shared/ui/fields/Field';

interface Change {
  current_password: string;
  new_password: string;
}

/** Changes one's own password; every other session ends. */
export function PasswordForm({ email }: { email: string }) {
  const form = useRef<HTMLFormElement>(null);
  const saving = useMutation({
    mutationFn: (body: Change) => done(client.POST('/api/v1/auth/password', { body })),
    onSuccess: () => form.current?.reset(),
  });
  const problem = saving.error && asProblem(saving.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    saving.mutate({ current_password: String(said.get('current')), new_password: String(said.get('next')) });
  };
  return (
    <form ref={form} onSubmit={submit} className="flex max-w-sm flex-col gap-3">
      {problem && problem.fields.length === 0 && (
        <p role="alert" className="rounded-sm bg-critical-wash px-3 py-2 text-critical">
          {problem.title}. {problem.detail}
        </p>
      )}
      {/* For password managers, which want to know whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <Field
        name="current"
        type="password"
        label="Present password"
        autoComplete="current-password"
        required
        error={problem?.field('current_password')}
      />
      <Field
        name="next"
        type="password"
        label="New password"
        autoComplete="new-password"
        required
        minLength={SHORTEST_PASSWORD}
        maxLength={LONGEST_PASSWORD}
        help={`At least ${SHORTEST_PASSWORD} characters. Your other sessions end.`}
        error={problem?.field('new_password')}
      />
      <span className="flex items-center gap-3">
        <Button type="submit" variant="contained" loading={saving.isPending}>
          Change password
        </Button>
        <span role="status" className="text-muted">
          {saving.isSuccess && 'Your password is changed.'}
        </span>
      </span>
    </form>
  );
}
