import { expect, it } from "vitest";
import { stretchOf, zoomedIn, zoomedOut } from "./zoom";

const at = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString();
const DAYS = Array.from({ length: 30 }, (_, index) => ({ from: at(index + 1), to: at(index + 2) }));

it("a stretch is the same from whichever end it was drawn", () => {
  expect(stretchOf(DAYS, 7, 3)).toEqual({ from: at(4), to: at(9) });
  expect(stretchOf(DAYS, 3, 7)).toEqual({ from: at(4), to: at(9) });
  expect(stretchOf([], 0, 0)).toBeNull();
});

it("zooming in halves around the bucket and stays inside", () => {
  expect(zoomedIn(DAYS, 15)).toEqual({ from: at(9), to: at(24) });
  expect(zoomedIn(DAYS, 0)).toEqual({ from: at(1), to: at(16) });
  expect(zoomedIn(DAYS, 29)).toEqual({ from: at(16), to: at(31) });
});

it("few buckets open into the one, and minutes are the end", () => {
  expect(zoomedIn(DAYS.slice(0, 3), 1)).toEqual(DAYS[1]);
  const minutes = [{ from: "2026-01-01T00:00:00Z", to: "2026-01-01T00:05:00Z" }];
  expect(zoomedIn(minutes, 0)).toBeNull();
});

it("zooming out ends at what the page shows", () => {
  const whole = { from: at(1), to: at(31) };
  expect(zoomedOut({ from: at(10), to: at(12) }, whole)).toEqual({ from: at(9), to: at(13) });
  expect(zoomedOut({ from: at(2), to: at(4) }, whole)).toEqual({ from: at(1), to: at(5) });
  expect(zoomedOut({ from: at(2), to: at(29) }, whole)).toBeNull();
});
