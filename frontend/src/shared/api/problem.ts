/** One field of a request that the server refused, as a dotted path. */
export interface FieldError {
  field: string;
  detail: string;
}

/** An answer that says no: the server's RFC 9457 problem, or that there was no answer (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly requestId: string | null = null,
    readonly fields: readonly FieldError[] = [],
  ) {
    super(detail || title);
    this.name = 'Problem';
  }

  /** The message for one field, or for an entry of it, if the server had one. */
  field(name: string): string | undefined {
    const path = ({ field }: FieldError) => field.replace(/(\.\d+)+$/, '');
    return this.fields.find((error) => path(error) === name || path(error).endsWith(`.${name}`))?.detail;
  }
}

interface ProblemBody {
  title?: unknown;
  detail?: unknown;
  request_id?: unknown;
  errors?: unknown;
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Reads a problem from what the server sent; says something useful when it sent nothing readable. */
export function toProblem(status: number, body: unknown): Problem {
  const sent = (typeof body === 'object' && body !== null ? body : {}) as ProblemBody;
  const fields = Array.isArray(sent.errors) ? (sent.errors as FieldError[]) : [];
  return new Problem(
    status,
    text(sent.title) ?? `The server answered ${status}`,
    text(sent.detail) ?? 'It gave no reason. Try again; if it persists, tell an administrator.',
    text(sent.request_id),
    fields,
  );
}

export const unreachable = (): Problem =>
  new Problem(0, 'The server cannot be reached', 'Check your connection. This page keeps what it last knew.');

/** Any thrown value as a problem, so that screens show one kind of error. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(
    -1,
    'Something went wrong on this page',
    error instanceof Error ? error.message : String(error),
  );
}
