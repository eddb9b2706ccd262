import { expect, it } from "vitest";
import { flagsOf, notesWithin, summaryOf } from "./rhythm-marks";
import type { Bucket } from "./shapes";

const at = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString();
const bucket = (day: number, mentions: number, gap = false): Bucket => ({
  from: at(day),
  to: at(day + 1),
  mentions,
  negative: 0,
  neutral: 0,
  positive: 0,
  unjudged: mentions,
  gap,
  before: null,
  before_from: null,
  before_to: null,
});
const note = (id: string, from: number, until: number | null = null) => ({
  id,
  at: at(from),
  until: until === null ? null : at(until),
  text: id,
  topic_id: null,
  author: { id: "1", name: "Олена" },
  created_at: at(1),
});
const DAYS = [bucket(1, 5), bucket(2, 9, true), bucket(3, 9)];

it("flags stand where their moment lies, and only on the axis", () => {
  expect(flagsOf([note("a", 2), note("b", 1, 3), note("c", 9)], DAYS)).toEqual([{ start: 1 }, { start: 0, end: 2 }]);
  expect(flagsOf([note("a", 2)], [])).toEqual([]);
});

it("a bucket knows its notes", () => {
  expect(notesWithin([note("a", 2), note("b", 1, 3)], DAYS[2]!).map(({ id }) => id)).toEqual(["b"]);
});

it("the summary names the first of equal peaks and counts the doubtful", () => {
  expect(summaryOf(DAYS)).toEqual({ mentions: 23, peak: DAYS[1], doubtful: 1 });
  expect(summaryOf([])).toEqual({ mentions: 0, peak: null, doubtful: 0 });
});
