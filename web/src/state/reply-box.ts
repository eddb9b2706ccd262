import { draftOfWhom, EMPTY_DRAFT, followed, keepDraft, type ReplyDraft, readDraft } from "~/lib/replies/drafts";
import { createStore, useStore } from "./store";

/** The mention whose reply box is open, and how often that was asked for: the same key again brings the focus back. */
export const replyBox = createStore<{ mention: string; turn: number } | null>(null);

let turn = 0;

export function openReplyBox(mention: string): void {
  turn += 1;
  replyBox.set({ mention, turn });
}

export function closeReplyBox(mention: string): void {
  if (replyBox.get()?.mention === mention) replyBox.set(null);
}

/** Drafts touched since the page was loaded; the others lie in the browser's storage. */
const drafts = createStore<ReadonlyMap<string, ReplyDraft>>(new Map());

export function setDraft(mention: string, draft: ReplyDraft): void {
  drafts.set(new Map(drafts.get()).set(mention, draft));
  const place = storage();
  if (place) keepDraft(place, mention, draft, Date.now());
}

/** A draft as it is at this moment. */
export const draftOf = (mention: string): ReplyDraft => drafts.get().get(mention) ?? EMPTY_DRAFT;

export function useDraft(mention: string): ReplyDraft {
  const touched = useStore(drafts).get(mention);
  if (touched) return touched;
  const place = storage();
  const kept = place ? readDraft(place, mention) : EMPTY_DRAFT;
  // Read once; every draft that is shown lies in the map from then on.
  (drafts.get() as Map<string, ReplyDraft>).set(mention, kept);
  return kept;
}

/** Another tab wrote, sent or gave up a draft that is held here: whoever looks at it here must not send it a second time. */
addEventListener("storage", ({ key, oldValue, newValue }) => {
  const mention = draftOfWhom(key);
  const held = mention === null ? undefined : drafts.get().get(mention);
  if (mention === null || held === undefined) return;
  const next = followed(held, oldValue, newValue);
  if (next !== held) drafts.set(new Map(drafts.get()).set(mention, next));
});

function storage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
