import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

interface Chunk {
  type: 'chunk';
  isEntry: boolean;
  code: string;
  imports: string[];
  fileName: string;
}

/**
 * Fails the build when the script that the first paint waits for (the entry and all that it imports
 * statically, plus the screen named by `screens` that is heaviest) weighs more than `maxKilobytes` gzipped.
 */
export function scriptBudget({ maxKilobytes, screens }: { maxKilobytes: number; screens: RegExp }): Plugin {
  return {
    name: 'script-budget',
    apply: 'build',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk') as Chunk[];
      const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
      const entry = chunks.find((chunk) => chunk.isEntry);
      if (!entry) throw new Error('script-budget: the bundle has no entry');

      const reach = (chunk: Chunk, into = new Set<Chunk>()): Set<Chunk> => {
        if (into.has(chunk)) return into;
        into.add(chunk);
        for (const name of chunk.imports) {
          const imported = byName.get(name);
          if (imported) reach(imported, into);
        }
        return into;
      };
      const kilobytes = (set: Set<Chunk>): number =>
        [...set].reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0) / 1000;

      const shell = kilobytes(reach(entry));
      const pages = chunks
        .filter((chunk) => screens.test(chunk.fileName))
        .map((chunk) => ({ name: chunk.fileName, size: kilobytes(reach(chunk, reach(entry))) }))
        .sort((a, b) => b.size - a.size);
      const heaviest = pages[0] ?? { name: entry.fileName, size: shell };
      this.info(`shell ${shell.toFixed(1)} kB, with ${heaviest.name} ${heaviest.size.toFixed(1)} kB gzip`);
      if (heaviest.size > maxKilobytes) {
        this.error(
          `the first paint of ${heaviest.name} loads ${heaviest.size.toFixed(1)} kB of script (gzip); ` +
            `the budget is ${maxKilobytes} kB. Load something lazily, or take something out.`,
        );
      }
    },
  };
}
