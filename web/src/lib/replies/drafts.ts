import type { Attachment, Visibility } from "~/api/replies";

/** What was written and not sent yet, kept in this browser by mention. */
export interface ReplyDraft {
  text: string;
  account?: string | undefined;
  visibility?: Visibility | undefined;
  /** Wall clock of the workspace, `2026-11-22T15:30`; absent: as soon as it is sent off. */
  later?: string | undefined;
  /** Brought already; the server keeps them for a day. */
  files?: readonly Attachment[] | undefined;
  /** Goes with every try to send these very words, so that two tries are one reply. */
  key?: string | undefined;
}

export const EMPTY_DRAFT: ReplyDraft = { text: "" };

const PREFIX = "molva.reply.";
/** Drafts kept at most; the oldest go first. */
const MOST = 100;
const LONGEST = 20_000;

type Place = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export function readDraft(place: Place, mention: string): ReplyDraft {
  try {
    return draftFrom(place.getItem(PREFIX + mention));
  } catch {
    // Storage may be forbidden.
    return EMPTY_DRAFT;
  }
}

/** The mention whose draft lies under this name; `null`: it is no draft. */
export function draftOfWhom(name: string | null): string | null {
  return name?.startsWith(PREFIX) ? name.slice(PREFIX.length) : null;
}

/** What another tab wrote in the place of `before` is ours too, unless something else was written here meanwhile. */
export function followed(held: ReplyDraft, before: string | null, now: string | null): ReplyDraft {
  return held.text.slice(0, LONGEST) === draftFrom(before).text ? draftFrom(now) : held;
}

/** A draft as it lies in the storage. */
function draftFrom(stored: string | null): ReplyDraft {
  try {
    const kept: unknown = JSON.parse(stored ?? "null");
    if (typeof kept !== "object" || kept === null) return EMPTY_DRAFT;
    const { text, account, visibility, later, files, key } = kept as Record<string, unknown>;
    const word = (value: unknown) => (typeof value === "string" ? value : undefined);
    return {
      text: word(text) ?? "",
      account: word(account),
      visibility: visibility === "public" || visibility === "private" ? visibility : undefined,
      later: word(later),
      files: Array.isArray(files) ? files.filter(isFile) : undefined,
      key: word(key),
    };
  } catch {
    // What cannot be read is no draft.
    return EMPTY_DRAFT;
  }
}

function isFile(value: unknown): value is Attachment {
  if (typeof value !== "object" || value === null) return false;
  const { id, name, media_type, size } = value as Record<string, unknown>;
  return [id, name, media_type].every((one) => typeof one === "string") && typeof size === "number";
}

/** Keeps a draft; one without words and files is forgotten. */
export function keepDraft(place: Place, mention: string, draft: ReplyDraft, now: number): void {
  try {
    if (draft.text.trim() === "" && !draft.files?.length) {
      place.removeItem(PREFIX + mention);
      return;
    }
    place.setItem(PREFIX + mention, JSON.stringify({ ...draft, text: draft.text.slice(0, LONGEST), at: now }));
    forgetOldest(place);
  } catch {
    // Storage may be forbidden or full; the draft then lives as long as the page.
  }
}

function forgetOldest(place: Place): void {
  const names = Array.from({ length: place.length }, (_, index) => place.key(index) ?? "").filter((name) =>
    name.startsWith(PREFIX),
  );
  if (names.length <= MOST) return;
  const at = (name: string): number => {
    try {
      return Number((JSON.parse(place.getItem(name) ?? "") as { at?: number }).at) || 0;
    } catch {
      return 0;
    }
  };
  const oldest = names.map((name) => ({ name, at: at(name) })).sort((a, b) => a.at - b.at);
  for (const { name } of oldest.slice(0, names.length - MOST)) place.removeItem(name);
}
