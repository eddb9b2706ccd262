import type { Extension } from "@codemirror/state";
import { hoverTooltip } from "@codemirror/view";
import type { QueryWord } from "~/api/types";
import { likeliest } from "~/lib/query/forms";
import { at } from "~/lib/query/spans";

/** As many forms as a glance takes in. */
const SHOWN = 12;

/** The forms of the word that the pointer rests on. */
export function formsTooltip(words: () => readonly QueryWord[]): Extension {
  return hoverTooltip((_, place) => {
    const word = at(words(), place);
    if (!word) return null;
    return {
      pos: word.start,
      end: word.end,
      above: true,
      create: () => {
        const dom = document.createElement("div");
        dom.className = "cm-forms";
        for (const { forms, forms_total, lemma } of word.lexemes) {
          const line = dom.appendChild(document.createElement("div"));
          const shown = likeliest(forms, lemma).slice(0, SHOWN);
          line.textContent = shown.join(", ") + (forms_total > shown.length ? ", …" : "");
        }
        return { dom };
      },
    };
  });
}
