import { addDays, dateOf } from "../zone";
import type { Stretch } from "./shapes";
import { localTime, momentOf, weekday } from "./wall-clock";

const MOST = 1_100;
const HOUR_MS = 3_600_000;

/** The hours a cell of the heat map is made of, newest first, cut to the period. An hour that the clocks skip is none. */
export function momentsOfCell(
  day: number,
  hour: number,
  period: Partial<Stretch>,
  zone: string,
  now: number,
): Stretch[] {
  if (!period.from) return [];
  const from = Date.parse(period.from);
  const to = period.to ? Date.parse(period.to) : now;
  const found: Stretch[] = [];
  const last = localTime(to, zone);
  let date = addDays(dateOf(to, zone), -((weekday(last) - day + 7) % 7));
  for (let turn = 0; turn < MOST; turn += 1, date = addDays(date, -7)) {
    const [year, month, dayOfMonth] = date.split("-").map(Number) as [number, number, number];
    const one = momentOf({ year, month, day: dayOfMonth, hour, minute: 0 }, zone);
    // Where the clocks go back the hour comes twice, and both belong to the cell.
    const start = localTime(one - HOUR_MS, zone).hour === hour ? one - HOUR_MS : one;
    if (start + HOUR_MS <= from) break;
    if (localTime(start, zone).hour !== hour || start >= to) continue;
    const twice = localTime(start + HOUR_MS, zone).hour === hour;
    const end = Math.min(to, start + (twice ? 2 : 1) * HOUR_MS);
    found.push({ from: new Date(Math.max(from, start)).toISOString(), to: new Date(end).toISOString() });
  }
  return found;
}
