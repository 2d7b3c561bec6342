import { Link } from '@tanstack/react-router';
import type { BacktestReport } from '@/shared/api/types';
import { score } from '@/shared/format/number';
import { eventRef } from '@/shared/risk/eventRef';
import { LevelName } from '@/shared/risk/scores/LevelMark';

const TRUTH = { true: 'fraud', false: 'not fraud', null: 'no label' } as const;

/** Some of the hits, each with what the rule would have made of it. */
export function BacktestExamples({ examples }: { examples: BacktestReport['examples'] }) {
  return (
    <section aria-label="Examples">
      <h3 className="mb-1 font-semibold">Examples</h3>
      <ul>
        {examples.map((one) => (
          <li
            key={eventRef(one)}
            className="grid grid-cols-[1fr_auto] gap-x-4 border-b border-line py-1.5 last:border-0"
          >
            <span className="min-w-0">
              <Link
                to="/live"
                search={{ event: eventRef(one) }}
                className="font-medium text-accent underline underline-offset-2"
              >
                {one.account_id}
              </Link>
              <span className="ml-2 text-xs text-faint">{TRUTH[`${one.fraud ?? null}`]}</span>
              <span className="block truncate text-muted">{one.reason_text}</span>
            </span>
            <span className="flex items-center gap-2">
              <span className="text-xs text-faint tabular-nums">{score(one.score)}</span>
              <LevelName level={one.level} />
              {one.level_with_rule !== one.level && (
                <>
                  <span aria-hidden="true">→</span>
                  <span className="sr-only">becomes</span>
                  <LevelName level={one.level_with_rule} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
