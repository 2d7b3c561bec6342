import { presentableDiff } from '@codemirror/merge';

export interface Piece {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

interface Change {
  fromA: number;
  toA: number;
  fromB: number;
  toB: number;
}

const inWord = (text: string, at: number): boolean => /[\w.]/.test(text[at] ?? ' ');

/** Whole words: 900.0 for 500.0, not 9 for 5. What is the same before and after a change has the same length in both. */
function whole(change: Change, before: string, after: string): Change {
  let { fromA, toA, fromB, toB } = change;
  const begins = inWord(before, fromA) || inWord(after, fromB);
  while (begins && fromA > 0 && fromB > 0 && inWord(before, fromA - 1)) {
    fromA -= 1;
    fromB -= 1;
  }
  const ends = inWord(before, toA - 1) || inWord(after, toB - 1);
  while (ends && inWord(before, toA)) {
    toA += 1;
    toB += 1;
  }
  return { fromA, toA, fromB, toB };
}

/** `after` with what it has and lacks beside `before`, in pieces as people read them. */
export function pieces(before: string, after: string): Piece[] {
  const changes: Change[] = [];
  for (const each of presentableDiff(before, after)) {
    const change = whole(each, before, after);
    const last = changes.at(-1);
    if (last && change.fromA <= last.toA)
      changes[changes.length - 1] = { ...change, fromA: last.fromA, fromB: last.fromB };
    else changes.push(change);
  }
  const found: Piece[] = [];
  const add = (kind: Piece['kind'], text: string) => {
    if (text) found.push({ kind, text });
  };
  let at = 0;
  for (const { fromA, toA, fromB, toB } of changes) {
    add('same', after.slice(at, fromB));
    add('gone', before.slice(fromA, toA));
    add('new', after.slice(fromB, toB));
    at = toB;
  }
  add('same', after.slice(at));
  return found;
}
