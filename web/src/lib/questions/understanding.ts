import type { Estimate, Intent } from "~/api/types";
import type { Bucket, Understanding, UnderstandingBucket } from "./shapes";

/** So many lines can be told apart. */
const MOST_LINES = 5;

/** The most frequent intents of a stretch of time, with how often each came in every bucket. */
export function intentLines(
  intents: Understanding["intents"],
  buckets: readonly UnderstandingBucket[],
): { intent: Intent; mentions: number[] }[] {
  return intents
    .filter((one) => one.mentions > 0)
    .sort((a, b) => b.mentions - a.mentions)
    .slice(0, MOST_LINES)
    .map(({ intent }) => ({ intent, mentions: buckets.map((bucket) => bucket.intents[intent]) }));
}

/** The buckets as the chart of the rhythm takes them. */
export function asRhythm(buckets: readonly UnderstandingBucket[]): Bucket[] {
  const rest = { gap: false, before: null, before_from: null, before_to: null };
  return buckets.map(({ intents: _, ...bucket }) => ({ ...bucket, ...rest }));
}

interface Measured {
  share: number | null;
  estimate?: Estimate | null;
  before?: { share: number | null } | null;
}

/** The end of a track that holds every share, every interval and what stood there before. */
export function longest(rows: readonly Measured[]): number {
  const ends = ({ share, estimate, before }: Measured) => [share ?? 0, estimate?.high ?? 0, before?.share ?? 0];
  return Math.max(0.0001, ...rows.flatMap(ends));
}
