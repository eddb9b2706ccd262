import type { Stretch } from "./shapes";
import { localTime, shifted } from "./wall-clock";

/** What the figures are set against: an earlier stretch of time, or the chosen topics against each other. */
export type Compare =
  | { kind: "none" }
  | { kind: "previous" }
  | { kind: "year" }
  | { kind: "topics" }
  | ({ kind: "dates" } & Stretch);

/** `2026-01-01T00:00:00Z..2026-02-01T00:00:00Z`, as it stands in an address; `null` when it makes no sense. */
export function readStretch(text: string | undefined): Stretch | null {
  const [from, to, more] = (text ?? "").split("..");
  if (!from || !to || more !== undefined) return null;
  if (!(Date.parse(from) < Date.parse(to))) return null;
  return { from, to };
}

export function writeStretch({ from, to }: Stretch): string {
  return `${from}..${to}`;
}

export function readCompare(text: string | undefined): Compare {
  if (text === "previous" || text === "year" || text === "topics") return { kind: text };
  const stretch = readStretch(text);
  return stretch ? { kind: "dates", ...stretch } : { kind: "none" };
}

export function writeCompare(compare: Compare): string | undefined {
  if (compare.kind === "none") return undefined;
  return compare.kind === "dates" ? writeStretch(compare) : compare.kind;
}

const DAY_MS = 86_400_000;
/** What a change of clocks adds to a day must not make it two. */
const HOUR_SHARE = 1 / 20;

/** The stretch a period is set against, by the workspace's calendar; `null` when there is none to speak of. */
export function comparedStretch(compare: Compare, period: Partial<Stretch>, zone: string): Stretch | null {
  if (compare.kind === "dates") return { from: compare.from, to: compare.to };
  if (compare.kind !== "previous" && compare.kind !== "year") return null;
  if (!period.from || !period.to) return null;
  const [from, to] = [Date.parse(period.from), Date.parse(period.to)];
  if (compare.kind === "year") return stretch(shifted(from, zone, { years: -1 }), shifted(to, zone, { years: -1 }));
  // A period of days that is still running is set against as much of the days before: half a day against half a day.
  if (!startsDay(from, zone)) return stretch(from - (to - from), from);
  const days = -Math.ceil((to - from) / DAY_MS - HOUR_SHARE);
  return stretch(shifted(from, zone, { days }), shifted(to, zone, { days }));
}

/** What a part of a period is set against: as far into the compared stretch as the part lies in the period. */
export function comparedPart(part: Stretch, period: Partial<Stretch>, compared: Stretch | null): Stretch | null {
  if (!compared || !period.from) return compared;
  const back = Date.parse(period.from) - Date.parse(compared.from);
  return stretch(Date.parse(part.from) - back, Date.parse(part.to) - back);
}

function startsDay(at: number, zone: string): boolean {
  const { hour, minute } = localTime(at, zone);
  return hour === 0 && minute === 0;
}

function stretch(from: number, to: number): Stretch {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** How a figure moved: the difference, and its share of what was before (`null` when nothing was). */
export function change(now: number, before: number): { difference: number; share: number | null } {
  return { difference: now - before, share: before === 0 ? null : (now - before) / before };
}
