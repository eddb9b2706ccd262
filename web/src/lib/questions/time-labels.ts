import type { Stretch, Unit } from "./shapes";
import { type LocalTime, localTime, weekday } from "./wall-clock";

const kept = new Map<string, Intl.DateTimeFormat>();

function format(at: number, zone: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  let formatter = kept.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    kept.set(key, formatter);
  }
  return formatter.format(at);
}

function formatRange(from: number, to: number, zone: string, locale: string): string {
  const key = `range ${locale} ${zone}`;
  let formatter = kept.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: zone });
    kept.set(key, formatter);
  }
  return formatter.formatRange(from, to);
}

/** A bucket in full: `Thu, 12 Nov 2026, 14:00`, `9 – 15 Nov 2026`, `November 2026`. */
export function bucketName(bucket: Stretch, unit: Unit, zone: string, locale: string): string {
  const from = Date.parse(bucket.from);
  const last = Date.parse(bucket.to) - 1;
  switch (unit) {
    case "minute":
    case "hour":
      return format(from, zone, locale, {
        weekday: "short",
        day: "numeric",
        month: "short",
        year: "numeric",
        hour: "2-digit",
        minute: "2-digit",
      });
    case "day":
      return format(from, zone, locale, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
    case "week":
    case "quarter":
      return formatRange(from, last, zone, locale);
    case "month":
      return format(from, zone, locale, { month: "long", year: "numeric" });
    case "year":
      return format(from, zone, locale, { year: "numeric" });
  }
}

const LONG_MS = 2 * 86_400_000;

/** A stretch of days, the last of which may still be running: `1 – 30 Nov 2026`; a short one with its times. */
export function stretchName({ from, to }: Stretch, zone: string, locale: string): string {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const daily = [start, ...(end - start < LONG_MS ? [end] : [])].every((at) => midnight(localTime(at, zone)));
  if (daily) return formatRange(start, end - 1, zone, locale);
  const options = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" } as const;
  return `${format(start, zone, locale, options)} – ${format(end, zone, locale, options)}`;
}

/** The names of the days from Monday. */
export function dayNames(locale: string, width: "short" | "long"): string[] {
  const monday = Date.UTC(2024, 0, 1);
  return Array.from({ length: 7 }, (_, day) => format(monday + day * 86_400_000, "UTC", locale, { weekday: width }));
}

export interface Tick {
  index: number;
  text: string;
}

type Rule = (local: LocalTime) => boolean;
const everyMinutes =
  (step: number): Rule =>
  ({ hour, minute }) =>
    (hour * 60 + minute) % step === 0;
const midnight: Rule = ({ hour, minute }) => hour === 0 && minute === 0;
const monday: Rule = (local) => midnight(local) && weekday(local) === 0;
const monthly =
  (step: number): Rule =>
  (local) =>
    local.day <= 7 && midnight(local) && (local.month - 1) % step === 0;
const firstOfMonth =
  (step: number): Rule =>
  (local) =>
    local.day === 1 && midnight(local) && (local.month - 1) % step === 0;
const yearly =
  (step: number): Rule =>
  ({ month, day, year }) =>
    month === 1 && day <= 7 && year % step === 0;

const HOURS: Rule[] = [60, 120, 180, 360, 720].map(everyMinutes);
const DAYS: Rule[] = [midnight, monday, firstOfMonth(1), firstOfMonth(3), yearly(1), yearly(5)];
const MONTHS: Rule[] = [monthly(1), monthly(2), monthly(3), monthly(6), yearly(1), yearly(2), yearly(5), yearly(10)];

/** The ways to pick ticks for a unit, from every bucket to the coarsest. */
const RULES: Record<Unit, Rule[]> = {
  minute: [() => true, ...[5, 10, 15, 30].map(everyMinutes), ...HOURS, ...DAYS],
  hour: [() => true, ...HOURS.slice(1), ...DAYS],
  day: [() => true, ...DAYS.slice(1)],
  week: [() => true, ...MONTHS],
  month: [() => true, ...MONTHS.slice(1)],
  quarter: [() => true, ...MONTHS.slice(3)],
  year: [() => true, ...MONTHS.slice(5)],
};

/** Which buckets are named beneath the axis and how: the finest choice of which at most `most` fit. */
export function ticks(buckets: readonly Stretch[], unit: Unit, zone: string, locale: string, most: number): Tick[] {
  const locals = buckets.map((bucket) => localTime(Date.parse(bucket.from), zone));
  let chosen: number[] = [];
  for (const rule of RULES[unit]) {
    chosen = locals.flatMap((local, index) => (rule(local) ? [index] : []));
    if (unit === "week" && rule !== RULES.week[0]) chosen = firstsOfMonth(chosen, locals);
    if (chosen.length <= most) break;
  }
  while (chosen.length > most) chosen = chosen.filter((_, place) => place % 2 === 0);
  let before: LocalTime | undefined;
  return chosen.map((index) => {
    const local = locals[index] as LocalTime;
    const text = tickName(Date.parse((buckets[index] as Stretch).from), local, before, unit, zone, locale);
    before = local;
    return { index, text };
  });
}

function firstsOfMonth(chosen: number[], locals: LocalTime[]): number[] {
  return chosen.filter((index, place) => locals[chosen[place - 1] ?? -1]?.month !== locals[index]?.month);
}

/** What is new since the tick before: the year, the day, or only the hour. */
function tickName(
  at: number,
  local: LocalTime,
  before: LocalTime | undefined,
  unit: Unit,
  zone: string,
  locale: string,
): string {
  const newYear = before?.year !== local.year;
  if (unit === "year") return String(local.year);
  if (unit === "month" || unit === "quarter") {
    if (local.month === 1) return String(local.year);
    return format(at, zone, locale, newYear ? { month: "short", year: "2-digit" } : { month: "short" });
  }
  const sameDay = before && before.day === local.day && before.month === local.month && !newYear;
  if ((unit === "minute" || unit === "hour") && (sameDay || !midnight(local))) {
    const hour = { hour: "2-digit", minute: "2-digit" } as const;
    if (sameDay || before) return format(at, zone, locale, hour);
    return format(at, zone, locale, { day: "numeric", month: "short", ...hour });
  }
  const turned = newYear && (before !== undefined || local.month === 1);
  return format(at, zone, locale, { day: "numeric", month: "short", ...(turned ? { year: "2-digit" } : {}) });
}
