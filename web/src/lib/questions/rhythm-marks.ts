import { placeOf } from "./gap-bands";
import type { Annotation, Bucket, Stretch, Tones } from "./shapes";
import { type Flag, TONES_STACKED } from "./time-chart";

/** The notes of the time line that lie on the axis, placed along it. */
export function flagsOf(notes: readonly Annotation[], buckets: readonly Stretch[]): Flag[] {
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (!first || !last) return [];
  const [from, to] = [Date.parse(first.from), Date.parse(last.to)];
  return notes
    .filter((note) => Date.parse(note.at) < to && Date.parse(note.until ?? note.at) >= from)
    .map((note) => ({
      start: placeOf(Date.parse(note.at), buckets),
      ...(note.until ? { end: placeOf(Date.parse(note.until), buckets) } : {}),
    }));
}

/** The notes that fall, at least in part, into a bucket. */
export function notesWithin(notes: readonly Annotation[], bucket: Stretch): Annotation[] {
  const [from, to] = [Date.parse(bucket.from), Date.parse(bucket.to)];
  return notes.filter((note) => Date.parse(note.at) < to && Date.parse(note.until ?? note.at) >= from);
}

/** What a chart says in one sentence: how much, when most, how many buckets are doubtful. */
export function summaryOf(buckets: readonly Bucket[]): { mentions: number; peak: Bucket | null; doubtful: number } {
  let peak: Bucket | null = null;
  let mentions = 0;
  let doubtful = 0;
  for (const bucket of buckets) {
    mentions += bucket.mentions;
    if (bucket.gap) doubtful += 1;
    if (bucket.mentions > (peak?.mentions ?? 0)) peak = bucket;
  }
  return { mentions, peak, doubtful };
}

/** The tones of all buckets together. */
export function tonesOf(buckets: readonly Bucket[]): Tones {
  const tones = { negative: 0, neutral: 0, positive: 0, unjudged: 0 };
  for (const bucket of buckets) for (const tone of TONES_STACKED) tones[tone] += bucket[tone];
  return tones;
}
