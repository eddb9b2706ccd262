// The arithmetic behind the five questions of the mock.
import { followersOf } from "./archive.mjs";

export const DAY = 86_400_000;
const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: DAY, week: 7 * DAY };
const MONTHS = { month: 1, quarter: 3, year: 12 };
/** The workspace of the mock lives in Moscow, which has kept the same clock for years. */
export const AHEAD = 3 * 3_600_000;

export function tonesOf(rows) {
  const tones = { negative: 0, neutral: 0, positive: 0, unjudged: 0 };
  for (const row of rows) tones[row.tone === "none" ? "unjudged" : row.tone] += 1;
  return tones;
}

export const reachOf = (rows) => rows.reduce((sum, row) => sum + (followersOf(row.author) ?? 0), 0);

export function grouped(rows, of) {
  const groups = new Map();
  for (const row of rows) {
    const key = of(row);
    if (groups.has(key)) groups.get(key).push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

export function suitedUnit(length) {
  return ["minute", "hour", "day", "week"].find((unit) => length / UNIT_MS[unit] <= 200) ?? "month";
}

export function edgesOf(unit, from, to) {
  const edges = [from];
  let at = from;
  while (at < to) {
    // As the clocks of the zone show it.
    const wall = at + AHEAD;
    const date = new Date(wall);
    let next;
    if (unit in MONTHS) {
      const step = MONTHS[unit];
      next = Date.UTC(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / step) * step + step, 1);
    } else if (unit === "week") next = Math.floor(wall / DAY) * DAY + (7 - ((date.getUTCDay() + 6) % 7)) * DAY;
    else next = (Math.floor(wall / UNIT_MS[unit]) + 1) * UNIT_MS[unit];
    at = next - AHEAD;
    edges.push(Math.min(at, to));
  }
  return edges;
}

/** What people's labels make of tones: a little more blame and a little less praise than was counted. */
export function estimatesOf(state, tones) {
  const { audited } = state.labelled;
  const all = tones.negative + tones.neutral + tones.positive + tones.unjudged;
  if (!audited || all === 0) return null;
  const of = (share, by, wide) => ({
    value: share * by,
    low: share * by - wide,
    high: share * by + wide,
    audited: 180,
    covered: 0.64,
    method: "prediction_powered",
  });
  return {
    negative: of(tones.negative / all, 1.14, 0.03),
    neutral: of(tones.neutral / all, 0.98, 0.04),
    positive: tones.positive ? of(tones.positive / all, 0.82, 0.02) : null,
    net_sentiment: of(((tones.positive - tones.negative) / all) * 100, 1.25, 4.2),
  };
}
