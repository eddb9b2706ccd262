import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  type Completeness,
  countSearch,
  type FoundMention,
  type FoundPage,
  searchFacets,
  searchMentions,
  searchTimeline,
  type TrustGap,
} from "~/api/archive";
import { isProblem } from "~/api/problem";
import { trustQuery } from "~/api/questions";
import type { Mention } from "~/api/types";
import type { Order } from "~/lib/search-address";
import { choiceKey, type ListName, type Selection } from "~/lib/selection";
import { useRested } from "./use-query-check";

const PAGE_SIZE = 50;
/** While the archive is still being filled, figures are asked for again. */
const FILLING_MS = 5_000;
const COUNT_REST_MS = 250;

const again = (answer: Completeness | undefined) => (answer?.incomplete ? FILLING_MS : false);

/**
 * The mentions of a selection, page by page. The list never refreshes by itself; `refresh` asks for it anew. What it showed
 * before stays until the new answer is there.
 */
export function useFound(selection: Selection, order: Order) {
  const cache = useQueryClient();
  // Under `mentions`, so that what is judged here changes in the stream's lists too, and the other way round.
  const key = ["mentions", "search", choiceKey(selection), order] as const;

  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      searchMentions({ selection, order, limit: PAGE_SIZE, cursor: pageParam ?? undefined }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10 * 60_000,
    refetchOnReconnect: false,
    placeholderData: keepPreviousData,
  });

  const items = useMemo(() => flat(query.data), [query.data]);
  const refresh = async () => {
    await Promise.all([cache.resetQueries({ queryKey: key }), cache.invalidateQueries({ queryKey: ["search"] })]);
  };
  return { query, items, refresh };
}

/** How many there are. What is typed is asked for once it rests; an older answer stays readable until the newer is there. */
export function useCount(selection: Selection, enabled = true) {
  const key = choiceKey(selection);
  const rested = useRested(key, COUNT_REST_MS);
  const count = useQuery({
    queryKey: ["search", "count", key],
    queryFn: ({ signal }) => countSearch(selection, signal),
    enabled: enabled && rested === key,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => again(query.state.data),
  });
  return { count, current: count.data !== undefined && !count.isPlaceholderData };
}

export function useFacets(selection: Selection, facets: ListName[], limit: number) {
  return useQuery({
    queryKey: ["search", "facets", choiceKey(selection), facets.join(","), limit],
    queryFn: ({ signal }) => searchFacets({ selection, facets, limit }, signal),
    enabled: facets.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => again(query.state.data),
  });
}

export function useTimeline(selection: Selection, enabled: boolean) {
  return useQuery({
    queryKey: ["search", "timeline", choiceKey(selection)],
    queryFn: ({ signal }) => searchTimeline(selection, signal),
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => again(query.state.data),
  });
}

const gapsOf = (trust: { gaps: TrustGap[] }) => trust.gaps;

/** When sources of the selection brought nothing; where that is not known, the timeline does without it. */
export function useGaps(selection: Selection, enabled: boolean) {
  return useQuery({ ...trustQuery(selection), select: gapsOf, enabled, retry: false });
}

/** The query of the address cannot be read: the editor shows where. */
export function isFaulty(error: unknown): boolean {
  return isProblem(error, "query_has_errors");
}

const shown = new WeakMap<FoundMention, Mention>();

/** Each mention once, with the words of this search marked where the archive tells them. */
function flat(data: InfiniteData<FoundPage, unknown> | undefined): Mention[] {
  const seen = new Set<string>();
  const items: Mention[] = [];
  for (const page of data?.pages ?? []) {
    for (const mention of page.items) {
      if (seen.has(mention.id)) continue;
      seen.add(mention.id);
      items.push(marked(mention));
    }
  }
  return items;
}

function marked(mention: FoundMention): Mention {
  if (!mention.found?.length) return mention;
  let found = shown.get(mention);
  if (!found) {
    found = { ...mention, spans: mention.found };
    shown.set(mention, found);
  }
  return found;
}
