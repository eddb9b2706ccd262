const LEAST_PX = 14;
const MOST_PX = 34;

/** How large a word is written: by the root of its share, so that its area grows with what it says. */
export function wordSize(share: number, largest: number): number {
  if (largest <= 0) return LEAST_PX;
  return Math.round(LEAST_PX + (MOST_PX - LEAST_PX) * Math.sqrt(Math.min(1, Math.max(0, share / largest))));
}

/** How a word stands to its baseline. */
export type Course = "new" | "up" | "same" | "down";

/** A change by less than a quarter is none to speak of. */
const SAME = 1.25;

export function courseOf(lift: number | null, baseline: number): Course {
  if (baseline === 0) return "new";
  if (lift === null || (lift < SAME && lift > 1 / SAME)) return "same";
  return lift > 1 ? "up" : "down";
}
