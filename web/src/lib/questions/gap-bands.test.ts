import { expect, it } from "vitest";
import { gapBands, gapsWithin, hatching, placeOf } from "./gap-bands";

const at = (hour: number) => new Date(Date.UTC(2026, 10, 20, hour)).toISOString();
const BUCKETS = [0, 2, 4, 6].map((hour) => ({ from: at(hour), to: at(hour + 2) }));
const gap = (from: number, to: number | null, source = "one") => ({
  source_id: source,
  source,
  from: at(from),
  to: to === null ? null : at(to),
  cause: "disconnected" as const,
});
const NOW = Date.UTC(2026, 10, 20, 7);

it("a moment lies where its bucket lies, and outside at the ends", () => {
  expect([-5, 0, 1, 3, 8, 30].map((hour) => placeOf(Date.UTC(2026, 10, 20, hour), BUCKETS))).toEqual([
    0, 0, 0.5, 1.5, 4, 4,
  ]);
});

it("gaps that overlap become one band and keep all their causes", () => {
  const bands = gapBands([gap(1, 3), gap(2, 4, "two"), gap(6, null), gap(20, 21)], BUCKETS, NOW);
  expect(bands.map(({ start, end, gaps }) => [start, end, gaps.length])).toEqual([
    [0.5, 2, 2],
    [3, 3.5, 1],
  ]);
});

it("a bucket knows the gaps it overlaps, not those that end where it begins", () => {
  const gaps = [gap(0, 2), gap(3, 5), gap(6, null)];
  expect(BUCKETS.map((bucket) => gapsWithin(gaps, bucket, NOW).length)).toEqual([1, 1, 1, 1]);
  expect(gapsWithin([gap(0, 2)], BUCKETS[1]!, NOW)).toEqual([]);
});

it("hatching stays inside its rectangle", () => {
  const numbers = [...hatching(10, 20, 30, 40).matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
  expect(numbers.length).toBeGreaterThan(10);
  for (const [x, y] of numbers as [number, number][]) {
    expect(x >= 10 && x <= 40 && y >= 20 && y <= 60).toBe(true);
  }
});
