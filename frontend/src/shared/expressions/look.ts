import { EditorView } from '@codemirror/view';

const token = (name: string): string => `var(--risk-palette-${name})`;

/** The editor in the colours of the rest: one look for both schemes, since the tokens change by themselves. */
export const look = EditorView.theme({
  '&': { color: token('ink-strong'), backgroundColor: token('surface-panel'), fontSize: '0.8125rem' },
  // The class comes a turn after the focus; :focus-within comes with it.
  '&.cm-focused, &:focus-within': { outline: `2px solid ${token('accent-main')}` },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.55' },
  '.cm-content': { minHeight: '7.5em', padding: '8px 0', caretColor: token('ink-strong') },
  '.cm-gutters': {
    backgroundColor: token('surface-panel'),
    color: token('ink-faint'),
    border: 'none',
  },
  '.cm-matchingBracket': { backgroundColor: token('accent-wash') },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: `underline wavy ${token('level-critical-mark')}`,
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    backgroundColor: token('surface-panel'),
    color: token('ink-strong'),
    border: `1px solid ${token('line-soft')}`,
    borderRadius: '6px',
    boxShadow: '0 4px 16px rgb(0 0 0 / 0.16)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font-mono)',
    maxHeight: '16em',
    borderRadius: '6px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: token('surface-selected'),
    color: token('ink-strong'),
  },
  '.cm-completionDetail': {
    color: token('ink-faint'),
    fontStyle: 'normal',
    fontFamily: 'var(--font-sans)',
    marginLeft: '1em',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-tooltip.cm-completionInfo': { padding: '6px 10px', maxWidth: '260px', fontFamily: 'var(--font-sans)' },
  '.cm-diagnostic': { padding: '6px 10px', fontFamily: 'var(--font-sans)' },
  '.cm-diagnostic-error': { borderLeft: `3px solid ${token('level-critical-mark')}` },
});
