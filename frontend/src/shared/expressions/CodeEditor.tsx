import { acceptCompletion, autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { cel, colours } from './cel';
import { complete, type Vocabulary } from './completion';
import { look } from './look';
import { type Fault, places } from './places';

export interface CodeEditorProps {
  /** Names it for screen readers. */
  label: string;
  value: string;
  faults: readonly Fault[];
  vocabulary: Vocabulary;
  readOnly: boolean;
  onChange: (value: string) => void;
}

/** An expression in CEL: coloured, completed, with what is wrong marked at its place. */
export default function CodeEditor(props: CodeEditorProps) {
  const { label, value, faults, readOnly } = props;
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  const editable = useRef(new Compartment());
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (!holder.current) return;
    const made = new EditorView({
      parent: holder.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          lineNumbers(),
          history(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({
            override: [(context) => complete(latest.current.vocabulary, context)],
            icons: false,
          }),
          keymap.of([
            { key: 'Tab', run: acceptCompletion },
            ...completionKeymap,
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          EditorView.lineWrapping,
          cel,
          colours,
          look,
          editable.current.of([]),
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [label]);

  useEffect(() => {
    const now = view.current;
    if (!now || now.state.doc.toString() === value) return;
    now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const now = view.current;
    if (now) now.dispatch(setDiagnostics(now.state, places(now.state.doc.toString(), faults)));
  }, [faults]);

  useEffect(() => {
    const extension = [EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly)];
    view.current?.dispatch({ effects: editable.current.reconfigure(extension) });
  }, [readOnly]);

  return <div ref={holder} className="min-w-0" data-invalid={faults.length > 0} />;
}
