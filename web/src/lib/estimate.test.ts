import { expect, it } from "vitest";
import { differs, ground, margin, whisker, withinError } from "./estimate";

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

it("takes a change for chance when both intervals together are wider", () => {
  const of = (value: number) => ({
    value,
    low: value - 0.03,
    high: value + 0.03,
    audited: 60,
    covered: 1,
    method: "prediction_powered" as const,
  });
  expect([0.31, 0.34, 0.36].map((value) => withinError(of(value), of(0.31)))).toEqual([true, true, false]);
});

it("tells what estimates rest on", () => {
  const one = (audited: number, covered: number) => ({
    ...ESTIMATE,
    audited,
    covered,
    method: "wilson" as const,
  });
  expect(ground([null])).toBeNull();
  expect(ground([one(40, 0.5), null, one(60, 0.4)])).toEqual({ audited: 60, covered: 0.4 });
});
