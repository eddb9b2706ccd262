import { describe, expect, it } from "vitest";
import { change, comparedPart, comparedStretch, readCompare, writeCompare } from "./compare";

const NOVEMBER = { from: "2026-11-01T00:00:00.000Z", to: "2026-12-01T00:00:00.000Z" };

describe("comparedStretch", () => {
  it("is the same length before", () => {
    expect(comparedStretch({ kind: "previous" }, NOVEMBER, "UTC")).toEqual({
      from: "2026-10-02T00:00:00.000Z",
      to: "2026-11-01T00:00:00.000Z",
    });
  });

  it("is as much of the days before when the period is still running", () => {
    const running = { from: "2026-11-16T00:00:00.000Z", to: "2026-11-22T10:21:00.000Z" };
    expect(comparedStretch({ kind: "previous" }, running, "UTC")).toEqual({
      from: "2026-11-09T00:00:00.000Z",
      to: "2026-11-15T10:21:00.000Z",
    });
    const hours = { from: "2026-11-21T10:20:00.000Z", to: "2026-11-22T10:20:00.000Z" };
    expect(comparedStretch({ kind: "previous" }, hours, "UTC")).toEqual({
      from: "2026-11-20T10:20:00.000Z",
      to: "2026-11-21T10:20:00.000Z",
    });
  });

  it("keeps to midnight over a change of clocks", () => {
    // Kyiv leaves summer time on 25 October 2026: the day has 25 hours.
    const week = { from: "2026-10-25T22:00:00.000Z", to: "2026-11-01T22:00:00.000Z" };
    expect(comparedStretch({ kind: "previous" }, week, "Europe/Kyiv")).toEqual({
      from: "2026-10-18T21:00:00.000Z",
      to: "2026-10-25T22:00:00.000Z",
    });
  });

  it("is the same dates a year ago", () => {
    const leap = { from: "2028-02-29T00:00:00.000Z", to: "2028-03-01T00:00:00.000Z" };
    expect(comparedStretch({ kind: "year" }, leap, "UTC")).toEqual({
      from: "2027-02-28T00:00:00.000Z",
      to: "2027-03-01T00:00:00.000Z",
    });
  });

  it("is nothing without a period, and own dates whatever the period", () => {
    expect(comparedStretch({ kind: "year" }, {}, "UTC")).toBeNull();
    expect(comparedStretch({ kind: "dates", ...NOVEMBER }, {}, "UTC")).toEqual(NOVEMBER);
    expect(comparedStretch({ kind: "topics" }, NOVEMBER, "UTC")).toBeNull();
  });
});

it("a part is set against the part that lies as far into the compared stretch", () => {
  const compared = { from: "2025-11-01T00:00:00.000Z", to: "2025-12-01T00:00:00.000Z" };
  const part = { from: "2026-11-03T00:00:00.000Z", to: "2026-11-04T00:00:00.000Z" };
  expect(comparedPart(part, NOVEMBER, compared)).toEqual({
    from: "2025-11-03T00:00:00.000Z",
    to: "2025-11-04T00:00:00.000Z",
  });
});

it("an address keeps a comparison as it was, and what makes no sense is none", () => {
  for (const text of ["previous", "year", "topics", "2026-01-01T00:00:00Z..2026-02-01T00:00:00Z"]) {
    expect(writeCompare(readCompare(text))).toBe(text);
  }
  for (const text of [undefined, "", "soon", "2026-02-01..2026-01-01", "a..b", "2026-01-01..2026-02-01..2026-03-01"]) {
    expect(writeCompare(readCompare(text))).toBeUndefined();
  }
});

it("a change from nothing has no share", () => {
  expect(change(5, 0)).toEqual({ difference: 5, share: null });
  expect(change(90, 120)).toEqual({ difference: -30, share: -0.25 });
});
