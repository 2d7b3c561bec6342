import type { ImportPreview } from '@/shared/api/types';

type Cells = Record<string, unknown>;

const COLUMNS = [
  'event_id',
  'occurred_at',
  'event_type',
  'account_id',
  'counterparty_id',
  'amount',
  'currency',
] as const;

const HEADINGS = [
  'Row',
  'Event id',
  'Time',
  'Type',
  'Account',
  'Counterparty',
  'Amount',
  'Currency',
  'Fraud',
];

/** What the file is taken for, what is doubtful of it, and its first rows as events. */
export function Preview({ of }: { of: ImportPreview }) {
  const rows = (of.rows ?? []) as Cells[];
  const notes = [...(of.notes ?? []), ...(of.doubts ?? [])];
  return (
    <div className="flex flex-col gap-3">
      {of.error ? (
        <p role="alert" className="rounded-sm bg-critical-wash px-3 py-2 text-critical">
          <span className="font-medium">It cannot be read like this:</span> {of.error.detail}
        </p>
      ) : (
        <p className="font-medium">{of.about || 'Columns are taken for what they are called.'}</p>
      )}
      {notes.length > 0 && (
        <ul className="list-disc pl-5 text-muted">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {rows.length > 0 && (
        <section aria-label="First rows" tabIndex={0} className="overflow-x-auto">
          <table className="w-full text-left text-xs">
            <caption className="sr-only">The first rows as events</caption>
            <thead>
              <tr>
                {HEADINGS.map((name) => (
                  <th key={name} scope="col" className="pr-4 pb-1 font-medium whitespace-nowrap text-faint">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, at) => (
                <PreviewRow key={String(row.row ?? at)} row={row} number={String(row.row ?? at + 1)} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}

const CELL = 'border-t border-line py-1 pr-4 whitespace-nowrap';

function PreviewRow({ row, number }: { row: Cells; number: string }) {
  const label = (row.label ?? (row.kind === 'label' ? row : undefined)) as Cells | undefined;
  // Of a label alone: which event it is of, and since when it is known.
  const alone = label && { event_id: label.event_id, event_type: 'label', occurred_at: label.known_at };
  const event = (row.event ?? alone ?? row) as Cells;
  return (
    <tr>
      <td className={CELL}>{number}</td>
      {row.refused ? (
        <td className={`${CELL} text-critical`} colSpan={COLUMNS.length + 1}>
          Refused: {String(row.refused)}
        </td>
      ) : (
        <>
          {COLUMNS.map((name) => (
            <td key={name} className={CELL}>
              {event[name] == null ? '' : String(event[name])}
            </td>
          ))}
          <td className={CELL}>{label ? (label.fraud ? 'fraud' : 'legitimate') : ''}</td>
        </>
      )}
    </tr>
  );
}
