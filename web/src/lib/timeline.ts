import type { TimeBucket, TimeUnit, TrustGap } from "~/api/archive";

/** A run of buckets: from the first to the one before `end`. */
export interface Stretch {
  start: number;
  end: number;
}

/** The buckets a period touches; `null` when it is all of them, or none. */
export function stretchOf(
  buckets: readonly TimeBucket[],
  from: string | undefined,
  to: string | undefined,
): Stretch | null {
  if (buckets.length === 0 || (from === undefined && to === undefined)) return null;
  const first = from === undefined ? 0 : buckets.findIndex((bucket) => Date.parse(bucket.to) > Date.parse(from));
  const behind = to === undefined ? -1 : buckets.findIndex((bucket) => Date.parse(bucket.from) >= Date.parse(to));
  const stretch = { start: first, end: behind < 0 ? buckets.length : behind };
  if (first < 0 || stretch.start >= stretch.end) return null;
  return stretch.start === 0 && stretch.end === buckets.length ? null : stretch;
}

/** The moments of a stretch; `null` when it is the whole timeline. */
export function momentsOf(
  buckets: readonly TimeBucket[],
  { start, end }: Stretch,
): { from: string; to: string } | null {
  const first = buckets[start];
  const last = buckets[end - 1];
  if (!first || !last || (start === 0 && end === buckets.length)) return null;
  return { from: first.from, to: last.to };
}

/** One end of a stretch moved by some buckets; the ends never meet nor leave the timeline. */
export function moved(stretch: Stretch, side: "start" | "end", to: number, count: number): Stretch {
  return side === "start"
    ? { ...stretch, start: Math.min(Math.max(to, 0), stretch.end - 1) }
    : { ...stretch, end: Math.max(Math.min(to, count), stretch.start + 1) };
}

/** Buckets with a label below: evenly apart, at most so many, none too near to the end. */
export function ticks(count: number, most: number): number[] {
  if (count === 0) return [];
  const step = Math.max(1, Math.ceil(count / most));
  const found: number[] = [];
  for (let index = 0; index < count; index += step) found.push(index);
  if (found.length > 1 && count - (found.at(-1) ?? 0) < step * 0.6) found.pop();
  return found;
}

/** The top of the scale: the next round number, so that it stays when a little comes or goes. */
export function ceiling(most: number): number {
  if (most <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(most));
  for (const factor of [1, 1.5, 2, 3, 4, 5, 6, 8, 10]) if (factor * power >= most) return factor * power;
  return most;
}

const TICK: Record<TimeUnit, Intl.DateTimeFormatOptions> = {
  minute: { hour: "2-digit", minute: "2-digit" },
  hour: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
  day: { day: "numeric", month: "short" },
  week: { day: "numeric", month: "short" },
  month: { month: "short", year: "numeric" },
  quarter: { month: "short", year: "numeric" },
  year: { year: "numeric" },
};
const WHOLE: Record<TimeUnit, Intl.DateTimeFormatOptions> = {
  minute: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
  hour: { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
  day: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  week: { day: "numeric", month: "short", year: "numeric" },
  month: { month: "long", year: "numeric" },
  quarter: { month: "long", year: "numeric" },
  year: { year: "numeric" },
};

const YEAR_MS = 366 * 24 * 3_600_000;

/** How buckets are called under the axis (`tick`) and by themselves (`whole`), in the zone they were cut in. */
export function bucketWords(unit: TimeUnit, zone: string, locale: string, buckets: readonly TimeBucket[] = []) {
  // Where a day comes twice on the axis, the month and its year say more than the day.
  const long = Date.parse(buckets.at(-1)?.to ?? "") - Date.parse(buckets[0]?.from ?? "") > YEAR_MS;
  const tick = formatter(locale, long && (unit === "day" || unit === "week") ? TICK.month : TICK[unit], zone);
  const whole = formatter(locale, WHOLE[unit], zone);
  const spans = unit === "week" || unit === "quarter";
  return {
    tick: (bucket: TimeBucket) => tick.format(Date.parse(bucket.from)),
    whole: (bucket: TimeBucket) =>
      spans
        ? whole.formatRange(Date.parse(bucket.from), Date.parse(bucket.to) - 1)
        : whole.format(Date.parse(bucket.from)),
  };
}

function formatter(locale: string, options: Intl.DateTimeFormatOptions, zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  }
}

/** Gaps as parts of the timeline, from 0 to 1, joined where they overlap. */
export function gapParts(
  buckets: readonly TimeBucket[],
  gaps: readonly TrustGap[],
  now: number,
): { from: number; to: number }[] {
  const begin = Date.parse(buckets[0]?.from ?? "");
  const end = Date.parse(buckets.at(-1)?.to ?? "");
  if (!(end > begin)) return [];
  const share = (at: number) => Math.min(1, Math.max(0, (at - begin) / (end - begin)));
  const parts = gaps
    .map((gap) => ({ from: share(Date.parse(gap.from)), to: share(gap.to === null ? now : Date.parse(gap.to)) }))
    .filter((part) => part.from < part.to)
    .sort((a, b) => a.from - b.from);
  const joined: { from: number; to: number }[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last && part.from <= last.to) last.to = Math.max(last.to, part.to);
    else joined.push(part);
  }
  return joined;
}
