import { describe, expect, it } from "vitest";
import { daysOf, rangeOf, rangeOfDays, rangeText } from "./period";
import { addDays, dateOf, isDate, isDayStart, monthStart, startOfDay } from "./zone";

const iso = (at: number) => new Date(at).toISOString();

describe("the days of a zone", () => {
  it("begin at its midnight, also on the days clocks are changed", () => {
    expect(iso(startOfDay("2026-11-22", "Europe/Moscow"))).toBe("2026-11-21T21:00:00.000Z");
    expect(iso(startOfDay("2026-03-29", "Europe/Kyiv"))).toBe("2026-03-28T22:00:00.000Z");
    expect(iso(startOfDay("2026-03-30", "Europe/Kyiv"))).toBe("2026-03-29T21:00:00.000Z");
    expect(iso(startOfDay("2026-10-25", "Europe/Kyiv"))).toBe("2026-10-24T21:00:00.000Z");
    expect(iso(startOfDay("2026-10-26", "Europe/Kyiv"))).toBe("2026-10-25T22:00:00.000Z");
    expect(iso(startOfDay("2026-06-01", "Asia/Kathmandu"))).toBe("2026-05-31T18:15:00.000Z");
  });

  it("begin at the first moment there is where midnight is skipped", () => {
    expect(iso(startOfDay("2026-03-29", "Asia/Beirut"))).toBe("2026-03-28T22:00:00.000Z");
  });

  it("are told apart by the zone, not by UTC", () => {
    const at = Date.parse("2026-11-21T22:30:00Z");
    expect(dateOf(at, "Europe/Moscow")).toBe("2026-11-22");
    expect(dateOf(at, "America/New_York")).toBe("2026-11-21");
    expect(isDayStart(Date.parse("2026-11-21T21:00:00Z"), "Europe/Moscow")).toBe(true);
    expect(isDayStart(at, "Europe/Moscow")).toBe(false);
  });

  it("are counted by the calendar", () => {
    expect(addDays("2026-02-27", 2)).toBe("2026-03-01");
    expect(monthStart("2026-01-31", -1)).toBe("2025-12-01");
    expect([isDate("2026-02-28"), isDate("2026-13-01"), isDate("28.02.2026")]).toEqual([true, false, false]);
  });

  it("of a zone nobody knows are those of UTC", () => {
    expect(iso(startOfDay("2026-11-22", "Mars/Olympus"))).toBe("2026-11-22T00:00:00.000Z");
  });
});

describe("a period", () => {
  const now = Date.parse("2026-11-22T01:30:40Z");

  it("by name is whole days, but for the last 24 hours", () => {
    expect(rangeOf("today", now, "UTC")).toEqual({ from: "2026-11-22T00:00:00.000Z" });
    expect(rangeOf("24h", now, "UTC")).toEqual({ from: "2026-11-21T01:30:00.000Z" });
    expect(rangeOf("30d", now, "UTC")).toEqual({ from: "2026-10-24T00:00:00.000Z" });
    expect(rangeOf("last-month", now, "Europe/Moscow")).toEqual({
      from: "2026-09-30T21:00:00.000Z",
      to: "2026-10-31T21:00:00.000Z",
    });
  });

  it("of days holds its last day", () => {
    const range = rangeOfDays("2026-11-01", "2026-11-07", "Europe/Moscow");
    expect(range).toEqual({ from: "2026-10-31T21:00:00.000Z", to: "2026-11-07T21:00:00.000Z" });
    expect(daysOf(range, "Europe/Moscow")).toEqual({ first: "2026-11-01", last: "2026-11-07" });
    expect(rangeOfDays("", "2026-11-07", "UTC")).toEqual({ from: undefined, to: "2026-11-08T00:00:00.000Z" });
  });

  it("is told in days where it is made of days, else with hours", () => {
    const days = rangeOfDays("2026-11-01", "2026-11-07", "Europe/Moscow");
    expect(rangeText(days, "Europe/Moscow", "en").both).toMatch(/^Nov 1\s–\s7, 2026$/);
    expect(rangeText({ from: days.from }, "Europe/Moscow", "en")).toEqual({ from: "Nov 1, 2026", to: undefined });
    const hours = { from: "2026-11-01T10:00:00Z", to: "2026-11-01T12:00:00Z" };
    expect(rangeText(hours, "UTC", "en").both).toMatch(/Nov 1, 2026, 10:00\sAM\s–\s12:00\sPM/);
  });
});
