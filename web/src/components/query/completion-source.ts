import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  startCompletion,
} from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { QueryLanguage } from "~/api/types";
import { contextAt, type Proposal, proposals } from "~/lib/query/completion";

export interface CompletionTexts {
  /** How many entries a list has. */
  entries: (count: number) => string;
}

/** Proposes while typing, and everything on Ctrl+Space. The language is asked for when needed: it may come late. */
export function completion(language: () => QueryLanguage | undefined, texts: () => CompletionTexts): Extension {
  const source = (context: CompletionContext): CompletionResult | null => {
    const known = language();
    if (!known) return null;
    const place = contextAt(context.state.doc.toString(), context.pos);
    if (place === null) return null;
    const found = proposals(known, place, context.explicit);
    if (found.length === 0) return null;
    return { from: place.from, options: found.map((one) => option(one, texts())), filter: false };
  };
  return autocompletion({ override: [source], icons: false, activateOnTypingDelay: 60 });
}

function option(proposal: Proposal, texts: CompletionTexts): Completion {
  const { about } = proposal;
  const detail = proposal.size === undefined ? about : texts.entries(proposal.size);
  return {
    label: proposal.label,
    detail: detail || undefined,
    info: proposal.kind === "field" && proposal.examples.length > 0 ? () => info(about, proposal.examples) : undefined,
    apply: (view, _, from, to) => write(view, proposal, from, to),
  };
}

function write(view: EditorView, proposal: Proposal, from: number, to: number): void {
  // One space behind an operator, not two.
  const spaced = view.state.sliceDoc(to, to + 1) === " " ? proposal.write.trimEnd() : proposal.write;
  view.dispatch({
    changes: { from, to, insert: spaced },
    selection: { anchor: from + spaced.length },
    userEvent: "input.complete",
    scrollIntoView: true,
  });
  if (proposal.goesOn) startCompletion(view);
}

function info(about: string, examples: string[]): Node {
  const box = document.createElement("div");
  box.append(about);
  for (const example of examples) {
    const code = document.createElement("code");
    code.textContent = example;
    box.append(code);
  }
  return box;
}
