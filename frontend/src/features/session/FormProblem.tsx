import type { ReactNode } from 'react';
import { asProblem } from '@/shared/api/problem';

type Props = { error: Error } | { title: string; children: ReactNode };

/** Why a form was refused, above its fields. */
export function FormProblem(props: Props) {
  const { title, detail } =
    'error' in props ? asProblem(props.error) : { title: props.title, detail: props.children };
  return (
    <div role="alert" className="rounded-sm bg-critical-wash px-3 py-2 text-critical">
      <p className="font-medium">{title}</p>
      <p>{detail}</p>
    </div>
  );
}
