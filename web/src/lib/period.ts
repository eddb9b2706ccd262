import { addDays, dateOf, isDayStart, monthStart, startOfDay } from "./zone";

/** Periods by name. Days are whole days of the workspace's zone, today among them, so that charts have no half days. */
export const PERIODS = ["today", "yesterday", "24h", "7d", "30d", "90d", "365d", "month", "last-month"] as const;
export type PeriodName = (typeof PERIODS)[number];

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAYS: Partial<Record<PeriodName, number>> = { today: 1, "7d": 7, "30d": 30, "90d": 90, "365d": 365 };

/** From a moment to another that is not included; an absent end is open. RFC 3339. */
export interface Range {
  from?: string;
  to?: string;
}

/** A period by name, or from a moment to another; nothing of it means all time. */
export interface PeriodChoice extends Range {
  period?: PeriodName;
}

export function isPeriodName(text: string | undefined): text is PeriodName {
  return (PERIODS as readonly string[]).includes(text ?? "");
}

/** The moments of a period that is called by name. */
export function rangeOf(name: PeriodName, now: number, zone: string): Range {
  const today = dateOf(now, zone);
  const start = (date: string) => new Date(startOfDay(date, zone)).toISOString();
  const days = DAYS[name];
  if (days) return { from: start(addDays(today, 1 - days)) };
  switch (name) {
    case "yesterday":
      return { from: start(addDays(today, -1)), to: start(today) };
    case "month":
      return { from: start(monthStart(today)) };
    case "last-month":
      return { from: start(monthStart(today, -1)), to: start(monthStart(today)) };
    default:
      // The last 24 hours, cut to the minute so that equal questions stay equal.
      return { from: new Date(Math.floor((now - 24 * HOUR_MS) / MINUTE_MS) * MINUTE_MS).toISOString() };
  }
}

/** The range from one day to another, both included. */
export function rangeOfDays(first: string, last: string, zone: string): Range {
  return {
    from: first ? new Date(startOfDay(first, zone)).toISOString() : undefined,
    to: last ? new Date(startOfDay(addDays(last, 1), zone)).toISOString() : undefined,
  };
}

/** The days a range touches, the last one included; empty where the range is open. */
export function daysOf({ from, to }: Range, zone: string): { first: string; last: string } {
  return {
    first: from ? dateOf(Date.parse(from), zone) : "",
    last: to ? dateOf(Date.parse(to) - 1, zone) : "",
  };
}

/** A range in the words of a locale: days where it is made of days, else with the time of day. `null` when open on both ends. */
export function rangeText(range: Range, zone: string, locale: string): { from?: string; to?: string; both?: string } {
  const moments = [range.from, range.to].flatMap((end) => (end ? [Date.parse(end)] : []));
  const whole = moments.every((at) => isDayStart(at, zone));
  const shape: Intl.DateTimeFormatOptions = whole
    ? { dateStyle: "medium" }
    : { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
  const format = formatterOf(locale, { ...shape, timeZone: zone });
  const last = range.to ? Date.parse(range.to) - (whole ? 1 : 0) : undefined;
  const first = range.from ? Date.parse(range.from) : undefined;
  if (first !== undefined && last !== undefined) {
    return { both: format.formatRange(first, Math.max(first, last)) };
  }
  return {
    from: first === undefined ? undefined : format.format(first),
    to: last === undefined ? undefined : format.format(last),
  };
}

function formatterOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, options);
  } catch {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  }
}
