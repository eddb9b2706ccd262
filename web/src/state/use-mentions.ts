import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { listMentions } from "~/api/operations";
import type { Mention, MentionPage } from "~/api/types";
import { type Filters, filterKey, toQuery } from "~/lib/filters";
import { type MentionPages, withHead } from "./live-queue";
import { useLiveQueue } from "./use-live-queue";

export const PAGE_SIZE = 50;

const mentionsKey = (filters: Filters) => ["mentions", filterKey(filters)] as const;

export function fetchPage(filters: Filters, cursor: string | null, signal?: AbortSignal): Promise<MentionPage> {
  return listMentions({ ...toQuery(filters, Date.now()), limit: PAGE_SIZE, cursor: cursor ?? undefined }, signal);
}

/**
 * The list of the stream: pages by cursor as the reader scrolls, and a queue of what came meanwhile. Nothing refreshes by
 * itself: the list only changes when the reader asks.
 */
export function useMentions(filters: Filters) {
  const cache = useQueryClient();
  const key = useMemo(() => mentionsKey(filters), [filters]);

  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => fetchPage(filters, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30 * 60_000,
    refetchOnReconnect: false,
  });

  const items = useMemo(() => flat(query.data), [query.data]);
  const { queue, takeHead } = useLiveQueue(filters, items, query.isSuccess);

  /** Puts what has come on top. Pages already loaded stay where they are unless a stretch between would be missing. */
  const showNew = async (): Promise<string[]> => {
    const head = await takeHead();
    const known = new Set(items.map((mention) => mention.id));
    const fresh = head.items.filter((mention) => !known.has(mention.id)).map((mention) => mention.id);
    cache.setQueryData<MentionPages>(key, (before) => withHead(before, head));
    return fresh;
  };

  return { query, items, queue, showNew };
}

function flat(data: MentionPages | undefined): Mention[] {
  const seen = new Set<string>();
  const items: Mention[] = [];
  for (const page of data?.pages ?? []) {
    for (const mention of page.items) {
      if (!seen.has(mention.id)) {
        seen.add(mention.id);
        items.push(mention);
      }
    }
  }
  return items;
}
