/** The wall clock of a time zone: which local time a moment is, and which moment a local time was. */
export interface LocalTime {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    clocks.set(zone, clock);
  }
  return clock;
}

export function localTime(at: number, zone: string): LocalTime {
  const found = { year: 0, month: 0, day: 0, hour: 0, minute: 0 };
  for (const { type, value } of clockOf(zone).formatToParts(at)) {
    if (type in found) found[type as keyof LocalTime] = Number(value);
  }
  return found;
}

/** 0 is Monday. */
export function weekday({ year, month, day }: LocalTime): number {
  return (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
}

/** The moment of a local time. One that a change of clocks skipped is read as if the clocks had not moved yet. */
export function momentOf({ year, month, day, hour, minute }: LocalTime, zone: string): number {
  const plain = Date.UTC(year, month - 1, day, hour, minute);
  const offset = (at: number) => {
    const local = localTime(at, zone);
    return (
      Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute) - Math.floor(at / 60_000) * 60_000
    );
  };
  const first = plain - offset(plain);
  return plain - offset(first);
}

/** The same local time so many days and years later; the 29th of February becomes the 28th. */
export function shifted(at: number, zone: string, { days = 0, years = 0 }): number {
  const local = localTime(at, zone);
  const last = new Date(Date.UTC(local.year + years, local.month, 0)).getUTCDate();
  const moved = new Date(Date.UTC(local.year + years, local.month - 1, Math.min(local.day, last) + days));
  const rest = at - Math.floor(at / 60_000) * 60_000;
  const day = { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
  return momentOf({ ...local, ...day }, zone) + rest;
}
