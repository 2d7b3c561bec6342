import type { PackOutcome } from './usePackActions';

/** What was, or would be, changed, and what waits. */
export function OutcomeList({ outcome }: { outcome: PackOutcome }) {
  const { changes, unchanged, waiting, dry_run: tried } = outcome;
  return (
    <section
      aria-label={tried ? 'What would change' : 'What was changed'}
      className="mb-3 max-h-64 overflow-y-auto rounded-md border border-line bg-sunken px-3 py-2"
      tabIndex={0}
    >
      <p className="font-medium">
        {changes.length} {changes.length === 1 ? 'change' : 'changes'}, {unchanged} unchanged
      </p>
      <ul>
        {changes.map(({ kind, name, change }) => (
          <li key={`${kind} ${name}`}>
            {kind} <span className="font-mono text-xs">{name}</span>: {change}
          </li>
        ))}
        {waiting.map((text) => (
          <li key={text}>Waiting: {text}</li>
        ))}
      </ul>
      {!tried && waiting.length > 0 && (
        <p className="mt-1 text-muted">Once that is done, install it again: it goes on from there.</p>
      )}
    </section>
  );
}
