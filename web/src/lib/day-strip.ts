import type { Gap, LedgerHour } from "~/api/types";

const HOUR_MS = 3_600_000;
export const HOURS = 24;

export interface StripHour {
  /** Start of the hour, milliseconds. */
  at: number;
  received: number;
  stored: number;
  rejected: number;
  /** 0 to 1 of the busiest hour. */
  share: number;
}

/** The last 24 hours, oldest first, hours without items as zero. */
export function lastDay(hours: readonly LedgerHour[], now: number): StripHour[] {
  const first = Math.floor(now / HOUR_MS) * HOUR_MS - (HOURS - 1) * HOUR_MS;
  const found = Array.from({ length: HOURS }, (_, index) => ({
    at: first + index * HOUR_MS,
    received: 0,
    stored: 0,
    rejected: 0,
    share: 0,
  }));
  for (const hour of hours) {
    const slot = found[Math.round((Date.parse(hour.hour) - first) / HOUR_MS)];
    if (!slot) continue;
    slot.received += hour.received;
    slot.stored += hour.stored;
    slot.rejected += hour.rejected;
  }
  const most = Math.max(1, ...found.map((hour) => hour.received));
  for (const hour of found) hour.share = hour.received / most;
  return found;
}

/** A gap as a stretch of a window, both ends from 0 to 1; `null` when it lies outside. */
export function stretch(gap: Gap, from: number, to: number): { start: number; end: number } | null {
  const start = Math.max(Date.parse(gap.from), from);
  const end = Math.min(gap.to ? Date.parse(gap.to) : to, to);
  if (end <= start) return null;
  return { start: (start - from) / (to - from), end: (end - from) / (to - from) };
}
