import type { SourceGap, Stretch } from "./shapes";

/** A stretch along the axis of a chart, in buckets: 2.5 is the middle of the third. */
export interface Band {
  start: number;
  end: number;
  gaps: SourceGap[];
}

/** Where on the axis a moment lies; buckets may be of different lengths. */
export function placeOf(at: number, buckets: readonly Stretch[]): number {
  let low = 0;
  let high = buckets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Date.parse((buckets[middle] as Stretch).to) <= at) low = middle + 1;
    else high = middle;
  }
  const bucket = buckets[low];
  if (!bucket) return buckets.length;
  const [from, to] = [Date.parse(bucket.from), Date.parse(bucket.to)];
  return at <= from ? low : low + (at - from) / (to - from);
}

/** The gaps as bands; those that touch or overlap become one, so that hatching never lies twice. */
export function gapBands(gaps: readonly SourceGap[], buckets: readonly Stretch[], now: number): Band[] {
  const placed = gaps
    .map((gap) => ({
      start: placeOf(Date.parse(gap.from), buckets),
      end: placeOf(gap.to ? Date.parse(gap.to) : now, buckets),
      gaps: [gap],
    }))
    .filter((band) => band.end > band.start)
    .sort((one, other) => one.start - other.start);
  const bands: Band[] = [];
  for (const band of placed) {
    const last = bands.at(-1);
    if (last && band.start <= last.end) {
      last.end = Math.max(last.end, band.end);
      last.gaps.push(...band.gaps);
    } else bands.push({ ...band });
  }
  return bands;
}

/** The gaps that lie, at least in part, in a bucket. */
export function gapsWithin(gaps: readonly SourceGap[], bucket: Stretch, now: number): SourceGap[] {
  const [from, to] = [Date.parse(bucket.from), Date.parse(bucket.to)];
  return gaps.filter((gap) => Date.parse(gap.from) < to && (gap.to ? Date.parse(gap.to) : now) > from);
}

/** Slanted strokes across a rectangle, as the data of an SVG path. */
export function hatching(x: number, y: number, width: number, height: number, step = 6): string {
  const strokes: string[] = [];
  for (let offset = step - height; offset < width; offset += step) {
    const left = Math.max(0, offset);
    const right = Math.min(width, offset + height);
    if (right <= left) continue;
    strokes.push(
      `M${round(x + left)} ${round(y + height - (left - offset))}L${round(x + right)} ${round(y + height - (right - offset))}`,
    );
  }
  return strokes.join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
