import type { QueryClient } from "@tanstack/react-query";
import { changeMentions } from "~/api/operations";
import type { Mention, MentionChange } from "~/api/types";
import { intentKey } from "~/lib/judgement";
import { applied, inverse, type Judgement } from "~/lib/mention-change";
import { type MentionPages, replaced } from "./live-queue";
import { showToast } from "./toasts";

/** Most ids the API takes in one change. */
const BATCH = 200;

/** The newest change of each mention; an older answer must not overwrite it on the screen. */
const newest = new Map<string, number>();
let counter = 0;
/** When each mention was last changed here, begun or answered; an answer asked for before that is older than the screen. */
const touched = new Map<string, number>();

/** Whether a mention was changed here since a moment of `performance.now()`. */
export function changedSince(id: string, moment: number): boolean {
  return (touched.get(id) ?? Number.NEGATIVE_INFINITY) >= moment;
}

/** Puts mentions into every list and detail that shows them; places do not change. */
export function patchCaches(cache: QueryClient, mentions: readonly Mention[]): void {
  if (mentions.length === 0) return;
  cache.setQueriesData<MentionPages>({ queryKey: ["mentions"] }, (data) => {
    if (!data) return data;
    let touched = false;
    const pages = data.pages.map((page) => {
      const items = replaced(page.items, mentions);
      if (items === page.items) return page;
      touched = true;
      return { ...page, items };
    });
    return touched ? { ...data, pages } : data;
  });
  for (const mention of mentions) {
    cache.setQueryData<Mention>(["mention", mention.id], (before) => (before ? mention : before));
  }
}

interface Words {
  /** What was done, for the toast. */
  done: string;
  failed: (error: unknown) => string;
}

/** Changes mentions at once on the screen and then on the server; can be taken back for a few seconds. */
export async function judge(
  cache: QueryClient,
  mentions: readonly Mention[],
  change: Judgement,
  words: Words,
): Promise<void> {
  const moved = mentions.filter((mention) => !unchanged(mention, applied(mention, change)));
  if (moved.length === 0) return;
  const back = inverse(moved, change);
  patchCaches(
    cache,
    moved.map((mention) => applied(mention, change)),
  );
  showToast({
    kind: "done",
    text: words.done,
    undo: () => {
      patchCaches(cache, moved);
      void store(cache, back).catch((error: unknown) => showToast({ kind: "error", text: words.failed(error) }));
    },
  });
  try {
    const ids = moved.map((mention) => mention.id);
    await store(cache, [{ ids, ...change }]);
  } catch (error) {
    patchCaches(cache, moved);
    showToast({ kind: "error", text: words.failed(error) });
  }
}

let last: Promise<void> = Promise.resolve();

/** Changes go to the server one after the other: of two quick presses the later one must win there too. */
function store(cache: QueryClient, changes: MentionChange[]): Promise<void> {
  const turn = ++counter;
  for (const { ids } of changes) {
    for (const id of ids) newest.set(id, turn);
    touch(ids);
  }
  const mine = last.then(() => storeNow(cache, changes, turn));
  last = mine.catch(() => {});
  return mine;
}

async function storeNow(cache: QueryClient, changes: MentionChange[], turn: number): Promise<void> {
  for (const change of changes) {
    for (let from = 0; from < change.ids.length; from += BATCH) {
      const ids = change.ids.slice(from, from + BATCH);
      const stored = await changeMentions({ ...change, ids });
      touch(ids);
      patchCaches(
        cache,
        stored.filter((mention) => newest.get(mention.id) === turn),
      );
      for (const id of ids) if (newest.get(id) === turn) newest.delete(id);
    }
  }
  void cache.invalidateQueries({ queryKey: ["tags"] });
}

function touch(ids: readonly string[]): void {
  const now = performance.now();
  for (const id of ids) touched.set(id, now);
}

function unchanged(a: Mention, b: Mention): boolean {
  const kept = (mention: Mention) =>
    JSON.stringify([
      mention.state,
      mention.tone,
      mention.tags,
      intentKey(mention),
      mention.stage,
      mention.spam,
      mention.by_people,
    ]);
  return kept(a) === kept(b);
}
