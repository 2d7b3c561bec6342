import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';

const STRING = /^(?:[bB]?[rR]?|[rR][bB])(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)/;

/** CEL, as far as its colours go; what is wrong is said by the server, which compiles it. */
export const cel = StreamLanguage.define({
  name: 'cel',
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match('//')) {
      stream.skipToEnd();
      return 'comment';
    }
    if (stream.match(STRING)) return 'string';
    if (stream.match(/^(?:0x[\da-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)u?/)) return 'number';
    if (stream.match(/^(?:true|false|null|in)\b/)) return 'keyword';
    if (stream.match(/^(?:event|features)\.\w+/)) return 'variableName';
    if (stream.match(/^[A-Za-z_]\w*(?=\s*\()/)) return 'labelName';
    if (stream.match(/^[A-Za-z_]\w*/)) return 'variableName';
    if (stream.match(/^[&|=!<>+\-*/%?:]+/)) return 'operator';
    stream.next();
    return null;
  },
  languageData: { closeBrackets: { brackets: ['(', '[', '"', "'"] }, commentTokens: { line: '//' } },
});

const token = (name: string): string => `var(--risk-palette-${name})`;

export const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.variableName, color: token('accent-main') },
    { tag: tags.labelName, color: token('series-third') },
    { tag: tags.string, color: token('series-second') },
    { tag: tags.number, color: token('level-high-ink') },
    { tag: tags.keyword, color: token('ink-strong'), fontWeight: '600' },
    { tag: tags.operator, color: token('ink-muted') },
    { tag: tags.comment, color: token('ink-faint'), fontStyle: 'italic' },
  ]),
);
