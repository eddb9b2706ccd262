import { type Diagnostic as Mark, setDiagnostics } from "@codemirror/lint";
import { EditorSelection, type Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import type { Diagnostic } from "~/api/types";
import { next, visible, within } from "~/lib/query/spans";

/** The label of the button that repairs a fault. */
export type FixLabel = (diagnostic: Diagnostic) => string;

/** Underlines the faults; resting the pointer on one tells it and offers the repair. */
export function showFaults(view: EditorView, diagnostics: readonly Diagnostic[], label: FixLabel): void {
  const text = view.state.doc.toString();
  const marks = diagnostics.map((diagnostic): Mark => {
    const { replacement } = diagnostic;
    return {
      ...visible(text, diagnostic),
      severity: diagnostic.severity,
      message: plain(diagnostic.message),
      actions:
        replacement === null
          ? []
          : [{ name: label(diagnostic), apply: (editor) => replace(editor, diagnostic, replacement) }],
    };
  });
  marks.sort((a, b) => a.from - b.from || a.to - b.to);
  view.dispatch(setDiagnostics(view.state, marks));
}

export function replace(view: EditorView, span: { start: number; end: number }, insert: string): void {
  const { from, to } = within(span, view.state.doc.length);
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: "input.fix" });
  view.focus();
}

export function select(view: EditorView, span: { start: number; end: number }): void {
  const { from, to } = within(span, view.state.doc.length);
  view.dispatch({
    selection: EditorSelection.single(from, to),
    effects: EditorView.scrollIntoView(from, { y: "nearest", yMargin: 32 }),
  });
  view.focus();
}

/** F8 goes to the next fault and says it, Shift+F8 to the one before. */
export function faultKeys(diagnostics: () => readonly Diagnostic[]): Extension {
  const go = (direction: 1 | -1) => (view: EditorView) => {
    const fault = next(diagnostics(), view.state.selection.main.from, direction);
    if (!fault) return false;
    select(view, fault);
    view.dispatch({ effects: EditorView.announce.of(plain(fault.message)) });
    return true;
  };
  return keymap.of([{ key: "F8", run: go(1), shift: go(-1) }]);
}

/** The server's sentence as it is spoken: with a capital, without the backticks around names. */
function plain(message: string): string {
  return (message.charAt(0).toLocaleUpperCase() + message.slice(1)).replaceAll("`", "");
}
