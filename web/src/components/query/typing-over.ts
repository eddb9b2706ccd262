import { type Extension, Prec } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/**
 * A letter typed over a selection. Left to the browser, it would keep the colour of what it replaces by an inline style,
 * which the page's policy forbids; so the letter goes the way of CodeMirror's own changes.
 */
export const typingOver: Extension = Prec.highest(
  EditorView.domEventHandlers({
    beforeinput(event, view) {
      const { main } = view.state.selection;
      const text = event.data;
      if (event.inputType !== "insertText" || text === null || main.empty || view.composing) return false;
      event.preventDefault();
      const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type" });
      const taken = view.state
        .facet(EditorView.inputHandler)
        .some((handle) => handle(view, main.from, main.to, text, insert));
      if (!taken) view.dispatch(insert());
      return true;
    },
  }),
);
