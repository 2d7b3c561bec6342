import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const SOURCE = resolve(import.meta.dirname, '../src');
const IMPORT = /(?:import|export)\s[^'"]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|import\s+'([^']+)'/g;

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => join(SOURCE, name));
const known = new Set(files);

function fileOf(from: string, name: string): string | undefined {
  const base = name.startsWith('@/') ? join(SOURCE, name.slice(2)) : resolve(dirname(from), name);
  return [base, `${base}.ts`, `${base}.tsx`, `${base}.d.ts`, join(base, 'index.ts')].find((each) =>
    known.has(each),
  );
}

/** Whom each file imports, for types too: a type that two need stands where both can see it. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(IMPORT)].flatMap(([, fixed, lazy, bare]) => {
    const name = fixed ?? lazy ?? bare;
    const found = name && (name.startsWith('.') || name.startsWith('@/')) ? fileOf(file, name) : undefined;
    return found ? [found] : [];
  });
}

test('no files import each other, not even for a type', () => {
  const graph = new Map(files.map((file) => [file, importsOf(file)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const follow = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      const cycle = [...path.slice(path.indexOf(file)), file];
      cycles.push(cycle.map((each) => relative(SOURCE, each)).join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) follow(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) follow(file, []);
  expect(cycles).toEqual([]);
});

test('a number that is typed is never rewritten on its way: no field reads `valueAsNumber`', () => {
  const readers = files.filter((file) => readFileSync(file, 'utf8').includes('valueAsNumber'));
  expect(readers.map((file) => relative(SOURCE, file))).toEqual([]);
});
