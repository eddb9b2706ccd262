import type { QueryClient } from "@tanstack/react-query";
import { changeMentions, getMention } from "~/api/operations";
import type { MentionChange } from "~/api/types";
import { changeOf, type Draft } from "~/lib/labelling";
import { inverse } from "~/lib/mention-change";
import { patchCaches } from "./judge";

/** Sets on a mention what was said of it in the game; answers the changes that take it back. */
export async function applyAnswer(cache: QueryClient, id: string, draft: Draft): Promise<MentionChange[]> {
  const change = changeOf(draft);
  const before = await getMention(id);
  patchCaches(cache, await changeMentions({ ids: [id], ...change }));
  return inverse([before], change);
}

export async function takeBack(cache: QueryClient, changes: readonly MentionChange[]): Promise<void> {
  for (const change of changes) patchCaches(cache, await changeMentions(change));
}
