import type { Estimate } from "~/api/understanding";

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
