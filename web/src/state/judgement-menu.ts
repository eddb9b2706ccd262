import type { Mention } from "~/api/types";
import { createStore } from "./store";

export type MenuKind = "tone" | "intents" | "stage";

/** The menu that is open over the page, and what its choice goes to. */
export const judgementMenu = createStore<{ kind: MenuKind; mentions: readonly Mention[] } | null>(null);
