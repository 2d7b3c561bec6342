import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  snippet,
} from '@codemirror/autocomplete';
import type { ExpressionFunction, ExpressionName, StoredList } from '@/shared/api/types';

/** What an expression may speak of. */
export interface Vocabulary {
  names: readonly ExpressionName[];
  functions: readonly ExpressionFunction[];
  lists: readonly StoredList[];
}

/** Functions that are called on a text: `event.ip.startsWith("10.")`. */
const METHODS = new Set(['matches', 'startsWith', 'endsWith', 'contains']);

const fields = (vocabulary: Vocabulary): Completion[] =>
  vocabulary.names.map(({ name, type, unit, meaning }) => ({
    label: name,
    detail: unit ?? type,
    info: meaning,
    type: name.startsWith('features.') ? 'property' : 'variable',
  }));

function functions(vocabulary: Vocabulary, methods: boolean): Completion[] {
  return vocabulary.functions
    .filter(({ name }) => METHODS.has(name) === methods)
    .map(({ name, meaning, usage }) => ({
      label: name,
      detail: usage,
      info: meaning,
      type: 'function',
      apply: snippet(name === 'in_list' ? `${name}("\${list}", event.\${field})` : `${name}(\${})`),
    }));
}

const lists = (vocabulary: Vocabulary): Completion[] =>
  vocabulary.lists.map(
    ({ name, purpose, subject, description }) =>
      ({
        label: name,
        detail: `${purpose} list, ${subject}`,
        info: description || null,
        type: 'constant',
      }) as Completion,
  );

/** What may stand at the cursor: a list inside `in_list("…`, a function after a field's dot, else any name. */
export function complete(vocabulary: Vocabulary, context: CompletionContext): CompletionResult | null {
  const list = context.matchBefore(/in_list\(\s*["']\w*/);
  if (list) {
    const typed = /\w*$/.exec(list.text)?.[0] ?? '';
    return { from: list.to - typed.length, options: lists(vocabulary), validFor: /^\w*$/ };
  }
  const word = context.matchBefore(/[A-Za-z_][\w.]*/);
  if (!word && !context.explicit) return null;
  const method = /^event\.\w+\.(\w*)$/.exec(word?.text ?? '');
  if (word && method && !word.text.startsWith('event.attributes.')) {
    const typed = method[1] ?? '';
    return { from: word.to - typed.length, options: functions(vocabulary, true), validFor: /^\w*$/ };
  }
  return {
    from: word?.from ?? context.pos,
    options: [...fields(vocabulary), ...functions(vocabulary, false)],
    validFor: /^[\w.]*$/,
  };
}
