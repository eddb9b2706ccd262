/** Numbers and times in the words of a locale. Formatters are costly to make and are kept. */
const kept = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat | Intl.DisplayNames>();

function keep<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat | Intl.DisplayNames>(
  key: string,
  make: () => T,
): T {
  let found = kept.get(key);
  if (!found) {
    found = make();
    kept.set(key, found);
  }
  return found as T;
}

export function number(value: number, locale: string): string {
  return keep(`n:${locale}`, () => new Intl.NumberFormat(locale)).format(value);
}

/** `12.3K`: for reach and other figures where the order matters, not the unit. */
export function compact(value: number, locale: string): string {
  const make = () => new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  return keep(`c:${locale}`, make).format(value);
}

export function decimal(value: number, locale: string, digits = 1): string {
  const make = () => new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
  return keep(`d${digits}:${locale}`, make).format(value);
}

/** With all its digits, so that figures under each other line up: `0.580`. */
export function fixed(value: number, locale: string, digits: number): string {
  const make = () => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return keep(`f${digits}:${locale}`, make).format(value);
}

export function percent(share: number, locale: string): string {
  const make = () => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  return keep(`p:${locale}`, make).format(share);
}

/** A share to three figures: `137 %`, `6.25 %`. */
export function rough(share: number, locale: string): string {
  const make = () => new Intl.NumberFormat(locale, { style: "percent", maximumSignificantDigits: 3 });
  return keep(`q:${locale}`, make).format(share);
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

export function bytes(value: number, locale: string): string {
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log(value) / Math.log(1000)), UNITS.length - 1);
  const unit = UNITS[power] ?? "byte";
  const make = () =>
    new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 });
  return keep(`b:${unit}:${locale}`, make).format(value / 1000 ** power);
}

/** Date and time to the second, for hovers and details. */
export function exact(iso: string, locale: string): string {
  const make = () => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
  return keep(`e:${locale}`, make).format(new Date(iso));
}

export function clock(iso: string, locale: string): string {
  const make = () => new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
  return keep(`k:${locale}`, make).format(new Date(iso));
}

/** The time of day, with the date when it is not today: for "since …". */
export function moment(iso: string, now: number, locale: string): string {
  const today = new Date(now).toDateString() === new Date(iso).toDateString();
  return today ? clock(iso, locale) : `${day(iso, locale)} ${clock(iso, locale)}`;
}

export function day(iso: string, locale: string): string {
  const make = () => new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
  return keep(`y:${locale}`, make).format(new Date(iso));
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `5 min. ago`; under a minute `now`, past thirty days the date. */
export function relative(iso: string, now: number, locale: string): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const size = Math.abs(seconds);
  if (size > 30 * 86_400) return day(iso, locale);
  const make = () => new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const formatter = keep(`r:${locale}`, make);
  for (const [unit, length] of STEPS) {
    if (size >= length) return formatter.format(Math.trunc(seconds / length), unit);
  }
  return formatter.format(0, "second");
}

/** `2.5 h`: a length of time in its largest fitting unit. */
export function duration(seconds: number, locale: string): string {
  const size = Math.max(0, seconds);
  const [unit, length]: [string, number] =
    size >= 86_400 ? ["day", 86_400] : size >= 3_600 ? ["hour", 3_600] : size >= 60 ? ["minute", 60] : ["second", 1];
  const make = () =>
    new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 });
  return keep(`u:${unit}:${locale}`, make).format(size / length);
}

/** The name of a language in the reader's language. */
export function languageName(code: string, locale: string): string {
  const make = () => new Intl.DisplayNames(locale, { type: "language" });
  try {
    return keep(`l:${locale}`, make).of(code) ?? code;
  } catch {
    return code;
  }
}

/** The name of a country by its two letters, in the reader's language; anything else stays as it is. */
export function countryName(code: string, locale: string): string {
  if (!/^[A-Za-z]{2}$/.test(code)) return code;
  const make = () => new Intl.DisplayNames(locale, { type: "region" });
  try {
    return keep(`g:${locale}`, make).of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}
