import type { Estimate, Intent } from "~/api/types";
import type { Understanding, UnderstandingBucket } from "~/api/understanding";
import type { Bucket } from "./shapes";

/** So many lines can be told apart. */
export const MOST_LINES = 5;

/** The most frequent intents of a stretch of time, with how often each came in every bucket. */
export function intentLines(
  intents: Understanding["intents"],
  buckets: readonly UnderstandingBucket[],
): { intent: Intent; mentions: number[] }[] {
  return intents
    .filter((one) => one.mentions > 0)
    .sort((a, b) => b.mentions - a.mentions)
    .slice(0, MOST_LINES)
    .map(({ intent }) => ({ intent, mentions: buckets.map((bucket) => bucket.intents[intent] ?? 0) }));
}

/** The buckets as the chart of the rhythm takes them: only where they lie matters to lines. */
export function asRhythm(buckets: readonly UnderstandingBucket[]): Bucket[] {
  return buckets.map(({ from, to }) => ({
    from,
    to,
    mentions: 0,
    negative: 0,
    neutral: 0,
    positive: 0,
    unjudged: 0,
    gap: false,
    before: null,
    before_from: null,
    before_to: null,
  }));
}

/** The end of a track that holds every share and every interval. */
export function longest(rows: readonly { share: number | null; estimate?: Estimate | null }[]): number {
  return Math.max(0.0001, ...rows.flatMap(({ share, estimate }) => [share ?? 0, estimate?.high ?? 0]));
}

/** Whether people's labels correct any of the shares. */
export function isAudited(figures: Understanding): boolean {
  const { tones, intents, stages, spam } = figures;
  return [...tones, ...intents, ...stages, spam].some((one) => one.estimate);
}
