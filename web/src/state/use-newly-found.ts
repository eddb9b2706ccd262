import { useEffect, useRef, useState } from "react";
import { countSearch } from "~/api/archive";
import type { LogEvent } from "~/api/types";
import { choiceKey, type Selection } from "~/lib/selection";
import { onEvent } from "./live";

/** Figures may be dear; while much comes they are asked for seldom. */
const APART_MS = 5_000;

/**
 * How many more a search would find now than when its list was drawn. Only asked for when something came that may belong to it,
 * and never while nobody looks.
 */
export function useNewlyFound(selection: Selection, listed: number | undefined, active: boolean): number {
  const [found, setFound] = useState<number | null>(null);
  const key = choiceKey(selection);
  const latest = useRef(selection);
  latest.current = selection;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another search, or its list drawn anew, starts anew
  useEffect(() => {
    setFound(null);
    if (!active) return;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;

    const look = async () => {
      timer = undefined;
      if (document.hidden) return;
      try {
        const { count } = await countSearch(latest.current, stop.signal);
        setFound(count);
      } catch {
        // The banner tells when the server is away; the next event starts a new look.
      }
    };
    const stopEvents = onEvent((event: LogEvent) => {
      if (event.kind !== "mention.created") return;
      const topics = latest.current.topic;
      if (topics?.length && event.topic_id && !topics.includes(event.topic_id)) return;
      timer ??= setTimeout(() => void look(), APART_MS);
    });
    return () => {
      stop.abort();
      clearTimeout(timer);
      stopEvents();
    };
  }, [key, listed, active]);

  return found === null || listed === undefined ? 0 : Math.max(0, found - listed);
}
