import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";
import { type Stretch, within } from "~/lib/query/spans";

const pointAt = StateEffect.define<Stretch | null>();
const mark = Decoration.mark({ class: "cm-clause" });

/** The part of the query that a row of a list beside it is about. */
export const clauseMark = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(pointAt)) continue;
      const span = effect.value && within(effect.value, transaction.newDoc.length);
      next = span && span.from < span.to ? Decoration.set([mark.range(span.from, span.to)]) : Decoration.none;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function point(view: EditorView, span: Stretch | null): void {
  view.dispatch({ effects: pointAt.of(span) });
}
