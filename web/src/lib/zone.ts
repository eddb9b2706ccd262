/** Calendar days of a time zone, by its IANA name: where a day begins, which day a moment falls on. */
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A zone this browser does not know is read as UTC: old browsers lack the newest names. */
function formatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (!found) {
    const shape = {
      calendar: "iso8601",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    } as const;
    try {
      found = new Intl.DateTimeFormat("en-GB", { ...shape, timeZone: zone });
    } catch {
      found = new Intl.DateTimeFormat("en-GB", { ...shape, timeZone: "UTC" });
    }
    formatters.set(zone, found);
  }
  return found;
}

/** What the clocks of the zone show, as if it were UTC: milliseconds. */
function wallClock(at: number, zone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatter(zone).formatToParts(at)) part[type] = Number(value);
  return Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second);
}

function offset(at: number, zone: string): number {
  return wallClock(at, zone) - Math.floor(at / 1000) * 1000;
}

/** The day a moment falls on: `2026-11-22`. */
export function dateOf(at: number, zone: string): string {
  return new Date(wallClock(at, zone)).toISOString().slice(0, 10);
}

/** The moment a day begins; where midnight is skipped, the first moment after it. */
export function startOfDay(date: string, zone: string): number {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  let at = midnight - offset(midnight, zone);
  at = midnight - offset(at, zone);
  return dateOf(at, zone) < date ? at + HOUR_MS : at;
}

/** The day so many days later. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The first day of the month of a day, or of the month so many months later. */
export function monthStart(date: string, months = 0): string {
  const day = new Date(`${date}T00:00:00Z`);
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months, 1)).toISOString().slice(0, 10);
}

/** Whether a day begins at this moment. */
export function isDayStart(at: number, zone: string): boolean {
  return startOfDay(dateOf(at, zone), zone) === at;
}

/** A day as people type it into a date field. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}
