import { describe, expect, it } from "vitest";
import type { Stretch } from "./shapes";
import { bucketName, dayNames, stretchName, ticks } from "./time-labels";

const HOUR = 3_600_000;
/** Which kind of space stands around a dash is the locale data's affair. */
const plain = (text: string) => text.replace(/\s/g, " ");

function run(from: string, hours: number, count: number): Stretch[] {
  const start = Date.parse(from);
  return Array.from({ length: count }, (_, index) => ({
    from: new Date(start + index * hours * HOUR).toISOString(),
    to: new Date(start + (index + 1) * hours * HOUR).toISOString(),
  }));
}

describe("ticks", () => {
  it("names the hours of a day and, at midnight, the day", () => {
    const found = ticks(run("2026-11-20T12:00:00Z", 1, 24), "hour", "UTC", "en-GB", 8);
    expect(found.map((tick) => tick.text)).toEqual([
      "20 Nov, 12:00",
      "15:00",
      "18:00",
      "21:00",
      "21 Nov",
      "03:00",
      "06:00",
      "09:00",
    ]);
  });

  it("follows the clock of the workspace, not of the reader", () => {
    const found = ticks(run("2026-11-20T21:00:00Z", 1, 6), "hour", "Europe/Moscow", "en-GB", 10);
    expect(found[0]).toEqual({ index: 0, text: "21 Nov" });
  });

  it("names the first days of months over a year, and the year where it turns", () => {
    const found = ticks(run("2025-11-22T00:00:00Z", 24, 365), "day", "UTC", "en-GB", 12);
    expect(found.map((tick) => tick.text)).toEqual([
      "1 Dec",
      "1 Jan 26",
      "1 Feb",
      "1 Mar",
      "1 Apr",
      "1 May",
      "1 Jun",
      "1 Jul",
      "1 Aug",
      "1 Sept",
      "1 Oct",
      "1 Nov",
    ]);
  });

  it("never has more than fit", () => {
    for (const most of [2, 3, 5, 9]) {
      expect(ticks(run("2020-01-06T00:00:00Z", 24 * 7, 300), "week", "UTC", "ru", most).length).toBeLessThanOrEqual(
        most,
      );
    }
  });
});

describe("names", () => {
  it("say a bucket in full, in the words of the locale", () => {
    const [bucket] = run("2026-11-09T00:00:00Z", 24 * 7, 1) as [Stretch];
    expect(plain(bucketName(bucket, "week", "UTC", "en-GB"))).toBe("9 – 15 Nov 2026");
    expect(bucketName(bucket, "month", "UTC", "ru")).toBe("ноябрь 2026 г.");
  });

  it("say whole days without times and others with them", () => {
    expect(plain(stretchName({ from: "2026-11-01T00:00:00Z", to: "2026-12-01T00:00:00Z" }, "UTC", "en-GB"))).toBe(
      "1 – 30 Nov 2026",
    );
    expect(stretchName({ from: "2026-11-01T10:00:00Z", to: "2026-11-01T11:30:00Z" }, "UTC", "en-GB")).toBe(
      "1 Nov 2026, 10:00 – 1 Nov 2026, 11:30",
    );
  });

  it("begin the week on Monday", () => {
    expect(dayNames("en", "short")).toEqual(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
  });
});
