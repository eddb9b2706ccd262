import { createContext, useContext } from "react";
import type { Topic } from "~/api/types";
import type { View } from "~/lib/questions/address";
import type { Stretch } from "~/lib/questions/shapes";
import type { Choice, Selection } from "~/lib/selection";

/** What every panel of the page works from. */
export interface Questions {
  choice: Choice;
  /** The choice as the API is asked for it, its period settled into moments. */
  selection: Selection;
  view: View;
  zone: string;
  now: number;
  topics: Topic[];
  /** The stretch the figures are set against. */
  compared: Stretch | null;
  /** The chosen topics side by side. */
  beside: Topic[];
  /** What is asked, in words, for files and headings. */
  title: string;
  look: (change: Partial<View>) => void;
  choose: (choice: Choice) => void;
}

export const QuestionsContext = createContext<Questions | null>(null);

export function useQuestions(): Questions {
  const found = useContext(QuestionsContext);
  if (!found) throw new Error("a panel of the questions stands outside of their page");
  return found;
}
