import { PURPOSES, type Purpose } from './words';

const SHAPES: Record<Purpose, React.ReactElement> = {
  allow: (
    <path
      d="M1.5 6.5 4.8 9.8 10.5 2.5"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
    />
  ),
  deny: (
    <>
      <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M2.8 9.2 9.2 2.8" stroke="currentColor" strokeWidth="1.6" />
    </>
  ),
  watch: (
    <>
      <path
        d="M.8 6C2.2 3.6 4 2.5 6 2.5S9.8 3.6 11.2 6C9.8 8.4 8 9.5 6 9.5S2.2 8.4.8 6Z"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.3"
      />
      <circle cx="6" cy="6" r="1.7" fill="currentColor" />
    </>
  ),
};

const INK: Record<Purpose, string> = { allow: 'text-accent', deny: 'text-critical', watch: 'text-medium' };

/** What a list is for: a shape and a word. */
export function PurposeName({ purpose }: { purpose: Purpose }) {
  return (
    <span className={`inline-flex items-center gap-1.5 font-medium ${INK[purpose]}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" className="shrink-0">
        {SHAPES[purpose]}
      </svg>
      {PURPOSES.find(({ value }) => value === purpose)?.word}
    </span>
  );
}
