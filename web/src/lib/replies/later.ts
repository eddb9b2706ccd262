import { type LocalTime, localTime, momentOf } from "~/lib/questions/wall-clock";
import { dateOf } from "~/lib/zone";

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/;

/** The moment of a date and time as a field holds them, `2026-11-22T15:30`, on the clocks of a zone. */
export function momentIn(text: string, zone: string): number | null {
  const parts = SHAPE.exec(text)?.slice(1).map(Number);
  if (!parts) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts;
  return momentOf({ year, month, day, hour, minute }, zone);
}

/** A moment as a field for date and time holds it. */
export function fieldOf(at: number, zone: string): string {
  const { hour, minute }: LocalTime = localTime(at, zone);
  return `${dateOf(at, zone)}T${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** What is proposed first: the next morning at nine. */
export function nextMorning(now: number, zone: string): string {
  const today = `${dateOf(now, zone)}T09:00`;
  if ((momentIn(today, zone) ?? 0) > now + 60_000) return today;
  return `${dateOf(now + 86_400_000, zone)}T09:00`;
}

/** A moment in the words of a locale, on the clocks of the zone: the time alone when it is today there. */
export function when(iso: string, zone: string, locale: string, now: number): string {
  const at = Date.parse(iso);
  const today = dateOf(at, zone) === dateOf(now, zone);
  const shape = today ? ({ timeStyle: "short" } as const) : ({ dateStyle: "medium", timeStyle: "short" } as const);
  try {
    return new Intl.DateTimeFormat(locale, { ...shape, timeZone: zone }).format(at);
  } catch {
    return new Intl.DateTimeFormat(locale, { ...shape, timeZone: "UTC" }).format(at);
  }
}
