import type { PropsWithChildren } from 'react';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { LEVEL, LEVELS } from '@/shared/risk/scores/levels';

/** The page before one is signed in: a form, under the four levels that all of this is about. */
export function Entrance({ title, children }: PropsWithChildren<{ title: string }>) {
  return (
    <main className="grid min-h-full place-items-center px-4 py-10">
      <div className="w-full max-w-[360px]">
        <div aria-hidden="true" className="mb-8">
          <div className="flex h-1.5 gap-1">
            {LEVELS.map((level, i) => (
              <span
                key={level}
                className={`rounded-xs ${LEVEL[level].fill}`}
                style={{ flex: [30, 20, 30, 20][i] }}
              />
            ))}
          </div>
          <div className="mt-2 flex text-xs">
            {LEVELS.map((level, i) => (
              <span key={level} style={{ flex: [30, 20, 30, 20][i] }}>
                <LevelName level={level} />
              </span>
            ))}
          </div>
        </div>
        <h1 className="mb-5 text-lg font-semibold tracking-tight">{title}</h1>
        {children}
      </div>
    </main>
  );
}
