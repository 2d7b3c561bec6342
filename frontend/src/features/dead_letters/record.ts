import type { DeadLetterDetail } from '@/shared/api/types';

const TOKENS = /"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** JSON in lines, token by token: a number stays as it was written. */
function inLines(json: string): string {
  let text = '';
  let depth = 0;
  let before = '';
  const newLine = () => `\n${'  '.repeat(depth)}`;
  for (const token of json.match(TOKENS) ?? []) {
    const opened = before === '{' || before === '[';
    if (token === '}' || token === ']') {
      depth -= 1;
      text += opened ? token : newLine() + token;
    } else if (token === ',' || token === ':') {
      text += token === ':' ? ': ' : token;
    } else {
      text += opened || before === ',' ? newLine() + token : token;
      if (token === '{' || token === '[') depth += 1;
    }
    before = token;
  }
  return text;
}

/** The record as it is corrected: set out in lines, if it is whole JSON; else as it came. */
export function toText({ raw, raw_encoding, cut }: DeadLetterDetail): string {
  if (raw_encoding !== 'text' || cut) return raw;
  try {
    JSON.parse(raw);
    return inLines(raw);
  } catch {
    return raw;
  }
}

/** What is wrong with what was typed as a record; the server says what is wrong with its fields. */
export function faultOf(text: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return undefined;
    return 'A record is one object: { … }.';
  } catch {
    return 'This is not JSON: see the quotation marks, commas and brackets.';
  }
}
