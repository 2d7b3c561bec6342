import { Link } from '@tanstack/react-router';
import { useId, useMemo } from 'react';
import { BarChart } from '@/shared/charts/BarChart';
import { LineChart } from '@/shared/charts/LineChart';
import { EventLink } from '@/shared/risk/connections/EventLink';
import type { PackSection, SectionOf } from './usePackPage';

/** A section of a pack's page, by its kind alone. */
export function SectionView({ section }: { section: PackSection }) {
  if (section.kind === 'chart') return <Course section={section} />;
  return section.kind === 'rules' ? <Hits section={section} /> : <Events section={section} />;
}

function Course({ section: { title, unit, times, series } }: { section: SectionOf<'chart'> }) {
  const x = useMemo(() => times.map((time) => Date.parse(time)), [times]);
  const lines = useMemo(() => series.map(({ name, values }) => ({ id: name, name, values })), [series]);
  return (
    <LineChart of="time" title={title} unit={unit} x={x} series={lines} empty={lines.length === 0 && NONE} />
  );
}

const NONE = 'No such event yet';

function Hits({ section: { title, hours, items } }: { section: SectionOf<'rules'> }) {
  return (
    <BarChart
      title={title}
      unit={`hits, ${hours} h`}
      of="Rule"
      bars={items.map(({ name, rule_id, status, live, shadow }) => ({
        id: rule_id,
        name: (
          <Link to="/rules/$ruleId" params={{ ruleId: rule_id }} className="text-accent underline">
            {name}
          </Link>
        ),
        value: live + shadow,
        note: status,
      }))}
      empty={items.length === 0 && 'None of its rules is there'}
    />
  );
}

function Events({ section: { title, columns, rows } }: { section: SectionOf<'table'> }) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="flex shrink-0 flex-col rounded-md border border-line bg-panel px-4 py-3"
    >
      <h2 id={id} className="mb-2 font-semibold">
        {title}
      </h2>
      {rows.length === 0 ? (
        <p className="text-muted">{NONE}</p>
      ) : (
        <div tabIndex={0} role="region" aria-label={`Table: ${title}`} className="max-h-96 overflow-auto">
          <table className="w-full text-left">
            <thead className="sticky top-0 bg-panel text-xs text-muted">
              <tr>
                {['Event', ...columns].map((column) => (
                  <th key={column} scope="col" className="py-1 pr-4 font-medium whitespace-nowrap">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.event_source} ${row.event_id}`} className="border-t border-line">
                  <td className="max-w-32 truncate py-1 pr-4 font-mono text-xs">
                    <EventLink event={row} />
                  </td>
                  {row.cells.map((cell, i) => (
                    <td key={columns[i]} className="py-1 pr-4 tabular-nums">
                      {cell ?? '–'}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
