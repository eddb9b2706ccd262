import { expect, it } from "vitest";
import { differs, margin, whisker } from "./estimate";

const ESTIMATE = { value: 0.31, low: 0.28, high: 0.36 };

it("says the larger side of an interval that leans", () => {
  expect(margin(ESTIMATE)).toBeCloseTo(0.05);
});

it("knows when the raw share is outside", () => {
  expect([0.27, 0.28, 0.36, 0.37, null].map((share) => differs(share, ESTIMATE))).toEqual([
    true,
    false,
    false,
    true,
    false,
  ]);
});

it("keeps a whisker on its track", () => {
  const found = whisker({ value: 0.5, low: 0.25, high: 1.2 }, 1);
  expect(found).toEqual({ left: 25, width: 75, at: 50 });
  expect(whisker(ESTIMATE, 0)).toEqual({ left: 0, width: 0, at: 0 });
});
