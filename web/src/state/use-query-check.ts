import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { checkQuery, previewQuery, queryEffects } from "~/api/operations";
import type { QueryScope } from "~/api/types";

/** The value once it has rested. */
export function useRested<T>(value: T, restMs: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs);
    return () => clearTimeout(timer);
  }, [value, restMs]);
  return rested;
}

const CHECK_REST_MS = 250;
const PREVIEW_REST_MS = 600;
const EFFECTS_REST_MS = 900;
const PREVIEW_HITS = 30;

/**
 * What is wrong with a query, what it means, and what it would bring, while it is being written. A query over mentions may use
 * more fields than one over posts, and is not tried on the kept stream.
 */
export function useQueryCheck(text: string, scope: QueryScope = "topic") {
  const forCheck = useRested(text, CHECK_REST_MS);
  const forPreview = useRested(text, PREVIEW_REST_MS);

  const check = useQuery({
    queryKey: ["query-check", forCheck, scope],
    queryFn: ({ signal }) => checkQuery(forCheck, scope, signal),
    enabled: forCheck.trim() !== "",
    staleTime: 60_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });

  const valid = check.data?.valid === true && !check.isPlaceholderData;
  const preview = useQuery({
    queryKey: ["query-preview", forPreview],
    queryFn: ({ signal }) => previewQuery(forPreview, PREVIEW_HITS, signal),
    enabled: scope === "topic" && forPreview.trim() !== "" && valid && forPreview === forCheck,
    staleTime: 30_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });

  /** Diagnostics point into the text they were made for; they say nothing about another. */
  const current = forCheck === text && !check.isPlaceholderData;
  return { check, preview, current, blank: text.trim() === "" };
}

/** What each part of a query does to its result, asked once the query has rested and only while `wanted`. */
export function useQueryEffects(text: string, wanted: boolean) {
  const rested = useRested(text, EFFECTS_REST_MS);
  const effects = useQuery({
    queryKey: ["query-effects", rested],
    // The text goes along: the places of the parts belong to it, also while the next answer is on its way.
    queryFn: async ({ signal }) => ({ ...(await queryEffects(rested, signal)), query: rested }),
    enabled: wanted && rested === text && rested.trim() !== "",
    staleTime: 60_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });
  return { effects, current: rested === text && effects.data !== undefined && !effects.isPlaceholderData };
}
