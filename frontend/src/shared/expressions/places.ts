/** What is wrong, and where; `line` and `column` count from 1, in characters. */
export interface Fault {
  detail: string;
  line?: number | null;
  column?: number | null;
}

export interface Place {
  from: number;
  to: number;
  severity: 'error';
  message: string;
}

/** Where in `text` the faults lie: from their column to the end of the word there. */
export function places(text: string, faults: readonly Fault[]): Place[] {
  return faults.map(({ detail, line, column }) => {
    const at = offset(text, line ?? 1, column ?? 1);
    const word = /^(?:[\w.]+|"[^"\n]*"?|\S)/.exec(text.slice(at))?.[0] ?? '';
    // At the end of the text there is nothing to mark but what stands before it.
    const from = word ? at : Math.max(0, at - 1);
    return { from, to: word ? at + word.length : at, severity: 'error', message: detail };
  });
}

/** The server counts characters, a string UTF-16 units: an emoji is one of those and two of these. */
function offset(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const inLine = [...(lines[line - 1] ?? '')].slice(0, column - 1).join('').length;
  return Math.min(text.length, before + inLine);
}
