import type { ReactNode } from 'react';
import { asProblem } from '@/shared/api/problem';
import { FormDialog } from './FormDialog';

interface Props {
  title: string;
  /** What the button does, in a word or two. */
  action: string;
  /** It takes something away. */
  grave?: boolean;
  busy?: boolean;
  error?: Error | null;
  disabled?: boolean;
  onClose: () => void;
  /** With what the fields of `children` say. */
  onConfirm: (form: FormData) => void;
  children?: ReactNode;
}

/** Asks before something is done: a title, what it means or the fields that it needs, and the refusal, if there is one. */
export function ConfirmDialog({ error, onConfirm, children, ...frame }: Props) {
  const problem = error && asProblem(error);
  return (
    <FormDialog {...frame} onSubmit={onConfirm}>
      <div className="flex flex-col gap-4 pt-1">
        {problem && problem.fields.length === 0 && (
          <div role="alert" className="rounded-sm bg-critical-wash px-3 py-2 text-critical">
            <p className="font-medium">{problem.title}</p>
            <p>{problem.detail}</p>
          </div>
        )}
        {children}
      </div>
    </FormDialog>
  );
}
