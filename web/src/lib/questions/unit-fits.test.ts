import { expect, it } from "vitest";
import { UNITS } from "./shapes";
import { unitFits } from "./unit-fits";

it("a year cannot be cut into hours, nor a month into minutes", () => {
  const from = "2026-01-01T00:00:00Z";
  const fitting = (to: string) => UNITS.filter((unit) => unitFits(unit, { from, to }));
  expect(fitting("2027-01-01T00:00:00Z")).toEqual(["day", "week", "month", "quarter", "year"]);
  expect(fitting("2026-02-01T00:00:00Z")).toEqual(["hour", "day", "week", "month", "quarter", "year"]);
  expect(fitting("2026-01-04T00:00:00Z")).toEqual([...UNITS]);
});
