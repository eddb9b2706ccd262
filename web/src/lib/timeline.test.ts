import { describe, expect, it } from "vitest";
import type { TimeBucket } from "~/api/archive";
import { bucketWords, ceiling, gapParts, momentsOf, moved, stretchOf, ticks } from "./timeline";

const day = (date: number): TimeBucket => ({
  from: `2026-11-${String(date).padStart(2, "0")}T00:00:00Z`,
  to: `2026-11-${String(date + 1).padStart(2, "0")}T00:00:00Z`,
  mentions: date,
});
const BUCKETS = [1, 2, 3, 4, 5].map(day);

describe("a stretch of the timeline", () => {
  it("is the buckets its period touches", () => {
    expect(stretchOf(BUCKETS, "2026-11-02T00:00:00Z", "2026-11-04T00:00:00Z")).toEqual({ start: 1, end: 3 });
    expect(stretchOf(BUCKETS, "2026-11-02T13:00:00Z", "2026-11-03T01:00:00Z")).toEqual({ start: 1, end: 3 });
    expect(stretchOf(BUCKETS, "2026-11-04T00:00:00Z", undefined)).toEqual({ start: 3, end: 5 });
  });

  it("is none when it is all, or lies outside", () => {
    expect(stretchOf(BUCKETS, "2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z")).toBeNull();
    expect(stretchOf(BUCKETS, "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z")).toBeNull();
    expect(stretchOf([], "2026-12-01T00:00:00Z", undefined)).toBeNull();
  });

  it("gives the moments it came from", () => {
    expect(momentsOf(BUCKETS, { start: 1, end: 3 })).toEqual({
      from: "2026-11-02T00:00:00Z",
      to: "2026-11-04T00:00:00Z",
    });
    expect(momentsOf(BUCKETS, { start: 0, end: 5 })).toBeNull();
  });

  it("has ends that move, but not past each other nor off the timeline", () => {
    const stretch = { start: 1, end: 3 };
    expect(moved(stretch, "start", 2, 5)).toEqual({ start: 2, end: 3 });
    expect(moved(stretch, "start", 9, 5)).toEqual({ start: 2, end: 3 });
    expect(moved(stretch, "end", -4, 5)).toEqual({ start: 1, end: 2 });
    expect(moved(stretch, "end", 99, 5)).toEqual({ start: 1, end: 5 });
  });
});

it("labels stand evenly and not at the very end", () => {
  expect(ticks(30, 6)).toEqual([0, 5, 10, 15, 20, 25]);
  expect(ticks(31, 6)).toEqual([0, 6, 12, 18, 24]);
  expect(ticks(1, 6)).toEqual([0]);
  expect(ticks(0, 6)).toEqual([]);
});

it("the scale ends at a round number", () => {
  expect([0, 3, 5, 11, 149, 151, 7_100].map(ceiling)).toEqual([4, 4, 5, 15, 150, 200, 8_000]);
});

it("buckets are called by their day in the zone they were cut in", () => {
  const words = bucketWords("day", "Europe/Moscow", "en");
  const bucket = { from: "2026-11-21T21:00:00Z", to: "2026-11-22T21:00:00Z", mentions: 0 };
  expect([words.tick(bucket), words.whole(bucket)]).toEqual(["Nov 22", "Sun, Nov 22, 2026"]);
});

it("where the axis is longer than a year, its days are named by month and year", () => {
  const bucket = { from: "2013-12-02T00:00:00Z", to: "2013-12-09T00:00:00Z", mentions: 1 };
  const last = { from: "2015-11-16T00:00:00Z", to: "2015-11-23T00:00:00Z", mentions: 1 };
  expect(bucketWords("week", "UTC", "en", [bucket, last]).tick(bucket)).toBe("Dec 2013");
});

it("gaps are joined and kept within the timeline", () => {
  const gap = (from: string, to: string | null) => ({ from, to });
  const gaps = [
    gap("2026-11-03T12:00:00Z", "2026-11-04T00:00:00Z"),
    gap("2026-11-03T00:00:00Z", "2026-11-03T18:00:00Z"),
    gap("2026-10-01T00:00:00Z", "2026-11-01T12:00:00Z"),
    gap("2026-11-05T00:00:00Z", null),
  ];
  expect(gapParts(BUCKETS, gaps, Date.parse("2026-11-05T12:00:00Z"))).toEqual([
    { from: 0, to: 0.1 },
    { from: 0.4, to: expect.closeTo(0.6) },
    { from: 0.8, to: 0.9 },
  ]);
});
