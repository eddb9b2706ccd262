import type { Estimate } from "~/api/types";

/** Half of the interval, for "31 % ± 4": the larger side where the interval leans. */
export function margin({ value, low, high }: Pick<Estimate, "value" | "low" | "high">): number {
  return Math.max(high - value, value - low);
}

/** The raw share lies outside of the interval: the correction says something else. */
export function differs(share: number | null, { low, high }: Pick<Estimate, "low" | "high">): boolean {
  return share !== null && (share < low || share > high);
}

/** Where a whisker lies along a track from 0 to `most`, in percent of its length. */
export function whisker({ value, low, high }: Pick<Estimate, "value" | "low" | "high">, most: number) {
  const place = (share: number) => Math.min(100, Math.max(0, most > 0 ? (share / most) * 100 : 0));
  return { left: place(low), width: place(high) - place(low), at: place(value) };
}

/** So many labels it takes for a correction, as the API has it. */
export const FEWEST_LABELS = 30;

/** Whether a change is no more than what chance would bring, when both sides are corrected. */
export function withinError(now: Estimate, before: Estimate): boolean {
  return Math.abs(now.value - before.value) < Math.hypot(margin(now), margin(before));
}

/** The widest of what some estimates rest on: the most labels, and the least part that these cover. */
export function ground(estimates: readonly (Estimate | null)[]): { audited: number; covered: number } | null {
  const known = estimates.filter((one) => one !== null);
  if (known.length === 0) return null;
  return {
    audited: Math.max(...known.map(({ audited }) => audited)),
    covered: Math.min(...known.map(({ covered }) => covered)),
  };
}
