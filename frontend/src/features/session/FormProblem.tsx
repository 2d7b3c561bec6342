import type { ReactNode } from 'react';
import { asProblem } from '@/shared/api/problem';

type Props = { error: Error } | { title: string; children: ReactNode; calm?: boolean };

/** Why a form was refused, above its fields; calm where nothing went wrong. */
export function FormProblem(props: Props) {
  const { title, detail } =
    'error' in props ? asProblem(props.error) : { title: props.title, detail: props.children };
  const calm = 'calm' in props && props.calm;
  return (
    <div
      role={calm ? 'status' : 'alert'}
      className={`rounded-sm px-3 py-2.5 ${calm ? 'bg-accent-wash' : 'bg-critical-wash text-critical'}`}
    >
      <p className="font-medium">{title}</p>
      <p className={calm ? 'text-muted' : ''}>{detail}</p>
    </div>
  );
}
