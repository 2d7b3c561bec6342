import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '@/shared/session/password';
import { Field } from '@/shared/ui/fields/Field';

interface Props {
  label?: string;
  focused?: boolean;
  error?: string | undefined;
}

/** Where a password is chosen. */
export function NewPasswordField({ label = 'New password', focused = false, error }: Props) {
  return (
    <Field
      name="password"
      type="password"
      label={label}
      autoComplete="new-password"
      focused={focused}
      required
      minLength={SHORTEST_PASSWORD}
      maxLength={LONGEST_PASSWORD}
      help={`At least ${SHORTEST_PASSWORD} characters. A sentence is easy to remember and hard to guess.`}
      error={error}
    />
  );
}
