/** A stretch of a text in UTF-16 code units. */
export interface Stretch {
  start: number;
  end: number;
}

/** The stretch, kept inside a text of this length. */
export function within(span: Stretch, length: number): { from: number; to: number } {
  const from = Math.min(Math.max(span.start, 0), length);
  return { from, to: Math.min(Math.max(span.end, from), length) };
}

/** The stretch, never empty where the text is not: an empty one takes the character before it, or the one behind. */
export function visible(text: string, span: Stretch): { from: number; to: number } {
  const { from, to } = within(span, text.length);
  if (from < to) return { from, to };
  if (from > 0) return { from: from - (isLow(text, from - 1) ? 2 : 1), to };
  return { from, to: Math.min(text.length, isLow(text, 1) ? 2 : 1) };
}

function isLow(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return at > 0 && unit >= 0xdc00 && unit <= 0xdfff;
}

/** The narrowest of the stretches that hold the place; its ends belong to it. */
export function at<T extends Stretch>(spans: readonly T[], place: number): T | null {
  let found: T | null = null;
  for (const span of spans) {
    if (span.start > place || span.end < place) continue;
    if (found === null || span.end - span.start < found.end - found.start) found = span;
  }
  return found;
}

/** The next stretch behind the place, or the first one again; backwards with `-1`. */
export function next<T extends Stretch>(spans: readonly T[], place: number, direction: 1 | -1): T | null {
  const order = [...spans].sort((a, b) => a.start - b.start || a.end - b.end);
  if (direction === 1) return order.find((span) => span.start > place) ?? order[0] ?? null;
  return order.findLast((span) => span.start < place) ?? order.at(-1) ?? null;
}

/** How many of the stretches hold this one. */
export function depth(spans: readonly Stretch[], inner: Stretch): number {
  return spans.filter(
    ({ start, end }) => start <= inner.start && end >= inner.end && end - start > inner.end - inner.start,
  ).length;
}

/** The one change that makes the second text of the first; `null` when they are the same. */
export function difference(before: string, after: string): { from: number; to: number; insert: string } | null {
  if (before === after) return null;
  const shortest = Math.min(before.length, after.length);
  let head = 0;
  while (head < shortest && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return { from: head, to: before.length - tail, insert: after.slice(head, after.length - tail) };
}
