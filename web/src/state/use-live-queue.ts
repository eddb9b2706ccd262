import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { getMention } from "~/api/operations";
import type { LogEvent, Mention, MentionPage } from "~/api/types";
import { type Filters, filterKey } from "~/lib/filters";
import { whenBack } from "./connection";
import { changedSince, patchCaches } from "./judge";
import { onEvent, onLiveReset } from "./live";
import { EMPTY_QUEUE, gather, type LiveQueue, pause } from "./live-queue";
import { fetchPage } from "./use-mentions";

/** At most so many changed mentions are asked for one by one after a burst. */
const MOST_CHANGED = 20;

/** Looks at the newest page whenever something may have come, and keeps what the list does not show yet. */
export function useLiveQueue(filters: Filters, items: Mention[], ready: boolean) {
  const cache = useQueryClient();
  const [queue, setQueue] = useState<LiveQueue>(EMPTY_QUEUE);
  const head = useRef<MentionPage | null>(null);
  const listed = useRef<ReadonlySet<string>>(new Set());
  const filtersRef = useRef(filters);
  filtersRef.current = filters;
  const key = filterKey(filters);

  useEffect(() => {
    listed.current = new Set(items.map((mention) => mention.id));
    const page = head.current;
    setQueue(page ? gather(listed.current, page.items, page.next_cursor !== null) : EMPTY_QUEUE);
  }, [items]);

  const look = useCallback(async () => {
    const page = await fetchPage(filtersRef.current, null);
    head.current = page;
    const next = gather(listed.current, page.items, page.next_cursor !== null);
    setQueue((before) => (sameQueue(before, next) ? before : next));
    return page;
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other filters are another list and start anew
  useEffect(() => {
    if (!ready) return;
    head.current = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let busy = false;
    let again = false;
    let stopped = false;
    let recent: number[] = [];
    let lastLook = 0;
    const changed = new Set<string>();

    const run = async () => {
      timer = undefined;
      if (document.hidden || busy) {
        again = true;
        return;
      }
      busy = true;
      again = false;
      lastLook = Date.now();
      try {
        await look();
        await refreshChanged();
      } catch {
        // The banner tells when the server is away; the next event or its return starts a new look.
      }
      busy = false;
      if (again && !stopped) plan();
    };

    const refreshChanged = async () => {
      const ids = [...changed].slice(0, MOST_CHANGED);
      changed.clear();
      const asked = performance.now();
      const fresh = await Promise.all(ids.map((id) => getMention(id).catch(() => null)));
      patchCaches(
        cache,
        fresh.flatMap((mention) => (mention && !changedSince(mention.id, asked) ? [mention] : [])),
      );
    };

    const plan = () => {
      again = true;
      if (timer !== undefined || busy) return;
      const now = Date.now();
      recent = recent.filter((at) => now - at < 1_000);
      const page = head.current;
      const saturated = page !== null && gather(listed.current, page.items, page.next_cursor !== null).orMore;
      timer = setTimeout(() => void run(), pause(recent.length, saturated, now - lastLook));
    };

    const stopEvents = onEvent((event: LogEvent) => {
      if (event.kind === "mention.created") {
        const topics = filtersRef.current.topic;
        if (topics?.length && event.topic_id && !topics.includes(event.topic_id)) return;
        recent.push(Date.now());
        plan();
      } else if (
        (event.kind === "mention.changed" || event.kind === "mention.edited") &&
        listed.current.has(event.subject_id)
      ) {
        changed.add(event.subject_id);
        plan();
      }
    });
    const onShow = () => {
      if (!document.hidden && again) plan();
    };
    const stopReset = onLiveReset(plan);
    const stopBack = whenBack(plan);
    document.addEventListener("visibilitychange", onShow);
    // The list may come from the cache of an earlier visit.
    plan();

    return () => {
      stopped = true;
      clearTimeout(timer);
      stopEvents();
      stopReset();
      stopBack();
      document.removeEventListener("visibilitychange", onShow);
    };
  }, [key, ready, look, cache]);

  return { queue, takeHead: look };
}

function sameQueue(a: LiveQueue, b: LiveQueue): boolean {
  return (
    a.orMore === b.orMore &&
    a.waiting.length === b.waiting.length &&
    a.waiting.every((mention, index) => mention.id === b.waiting[index]?.id)
  );
}
