import type { Stretch } from "./shapes";

/** A bucket of a minute is the finest there is; less than so many of them say nothing. */
const LEAST_MS = 10 * 60_000;

/** From one bucket through another, in whichever order they were picked. */
export function stretchOf(buckets: readonly Stretch[], first: number, last: number): Stretch | null {
  const [from, to] = [buckets[Math.min(first, last)], buckets[Math.max(first, last)]];
  return from && to ? { from: from.from, to: to.to } : null;
}

/** Half as long around a bucket, on the edges of buckets where there are enough; `null` at the finest. */
export function zoomedIn(buckets: readonly Stretch[], around: number): Stretch | null {
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (!first || !last) return null;
  const length = Date.parse(last.to) - Date.parse(first.from);
  if (length <= LEAST_MS) return null;
  if (buckets.length >= 8) {
    const half = Math.ceil(buckets.length / 2);
    const start = Math.min(Math.max(0, around - Math.floor(half / 2)), buckets.length - half);
    return stretchOf(buckets, start, start + half - 1);
  }
  const bucket = buckets[around];
  return bucket ? { from: bucket.from, to: bucket.to } : null;
}

/** Twice as long about the same middle, inside what the page shows; `null` when that is all of it. */
export function zoomedOut(zoom: Stretch, whole: Partial<Stretch>): Stretch | null {
  const [from, to] = [Date.parse(zoom.from), Date.parse(zoom.to)];
  const half = (to - from) / 2;
  const least = whole.from ? Date.parse(whole.from) : Number.NEGATIVE_INFINITY;
  const most = whole.to ? Date.parse(whole.to) : Number.POSITIVE_INFINITY;
  const start = Math.max(least, from - half);
  const end = Math.min(most, to + half);
  if (start <= least && end >= most) return null;
  return { from: minute(start), to: minute(end) };
}

function minute(at: number): string {
  return new Date(Math.round(at / 60_000) * 60_000).toISOString();
}
