import type { Stretch, Unit } from "./shapes";

/** More buckets than this the server refuses. */
const MOST_BUCKETS = 5_000;

const UNIT_MS: Record<Unit, number> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_419_200_000,
  quarter: 7_776_000_000,
  year: 31_536_000_000,
};

/** Whether a stretch can be cut into buckets of a unit at all. */
export function unitFits(unit: Unit, { from, to }: Stretch): boolean {
  // The first and the last bucket may be cut ones.
  return (Date.parse(to) - Date.parse(from)) / UNIT_MS[unit] + 2 <= MOST_BUCKETS;
}
