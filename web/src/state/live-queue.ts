import type { InfiniteData } from "@tanstack/react-query";
import type { Mention, MentionPage } from "~/api/types";

/** A list of mentions as it was loaded, page by page. */
export type MentionPages = InfiniteData<MentionPage, unknown>;

/**
 * What has come since the list was drawn. The list never moves by itself: new mentions gather here until the reader asks
 * for them.
 */
export interface LiveQueue {
  /** Newest first. */
  waiting: Mention[];
  /** More may be waiting than were fetched. */
  orMore: boolean;
}

export const EMPTY_QUEUE: LiveQueue = { waiting: [], orMore: false };

/**
 * Compares the newest page with what the list shows. Late arrivals that belong further down count too, as long as they
 * stand above the last line both have in common.
 */
export function gather(listed: ReadonlySet<string>, head: readonly Mention[], hasMore: boolean): LiveQueue {
  const waiting = head.filter((mention) => !listed.has(mention.id));
  if (waiting.length === 0) return EMPTY_QUEUE;
  const nothingKnown = waiting.length === head.length;
  return { waiting, orMore: nothingKnown && hasMore };
}

/**
 * How long to wait before looking at the newest page again: at once when quiet, more seldom the more comes, and seldom
 * when the queue can only say "or more" anyway.
 */
export function pause(eventsLastSecond: number, saturated: boolean, sinceLastLookMs: number): number {
  const apart = saturated ? 2_000 : eventsLastSecond > 5 ? 350 : 100;
  return Math.max(50, apart - sinceLastLookMs);
}

/** Replaces mentions in place; order and length stay. Returns the same array when nothing fits. */
export function replaced(items: Mention[], changed: readonly Mention[]): Mention[] {
  const byId = new Map(changed.map((mention) => [mention.id, mention]));
  if (!items.some((mention) => byId.has(mention.id))) return items;
  return items.map((mention) => {
    const change = byId.get(mention.id);
    // What a search marked belongs to its list, and an answer about the mention alone does not know it.
    return change ? { ...("found" in mention ? { found: mention.found } : {}), ...change } : mention;
  });
}

/** The list with the newest page on top; starts anew when the two do not meet. */
export function withHead(before: MentionPages | undefined, head: MentionPage): MentionPages {
  const anew: MentionPages = { pages: [head], pageParams: [null] };
  const first = before?.pages[0];
  if (!before || !first) return anew;
  const inHead = new Set(head.items.map((mention) => mention.id));
  const meets = before.pages.some((page) => page.items.some((mention) => inHead.has(mention.id)));
  if (!meets) return anew;
  const rest = first.items.filter((mention) => !inHead.has(mention.id));
  const joined = { ...first, items: [...head.items, ...rest] };
  return { pages: [joined, ...before.pages.slice(1)], pageParams: before.pageParams };
}
