import { expect, it } from "vitest";
import { momentsOfCell } from "./heat-moments";

const NOVEMBER = { from: "2026-11-01T00:00:00.000Z", to: "2026-11-22T00:00:00.000Z" };
const starts = (day: number, hour: number, period = NOVEMBER, zone = "UTC") =>
  momentsOfCell(day, hour, period, zone, 0).map(({ from }) => from.slice(0, 16));

it("are the same hour of every such day in the period, newest first", () => {
  expect(starts(0, 9)).toEqual(["2026-11-16T09:00", "2026-11-09T09:00", "2026-11-02T09:00"]);
});

it("follow the clock of the zone", () => {
  expect(starts(0, 1, NOVEMBER, "Europe/Moscow")).toEqual(["2026-11-15T22:00", "2026-11-08T22:00", "2026-11-01T22:00"]);
});

it("are cut to the period", () => {
  const period = { from: "2026-11-02T09:30:00.000Z", to: "2026-11-09T09:15:00.000Z" };
  expect(momentsOfCell(0, 9, period, "UTC", 0)).toEqual([
    { from: "2026-11-09T09:00:00.000Z", to: "2026-11-09T09:15:00.000Z" },
    { from: "2026-11-02T09:30:00.000Z", to: "2026-11-02T10:00:00.000Z" },
  ]);
});

it("hold both hours where the clocks go back, and none where they are skipped", () => {
  const october = { from: "2026-10-24T00:00:00.000Z", to: "2026-10-27T00:00:00.000Z" };
  expect(momentsOfCell(6, 3, october, "Europe/Kyiv", 0)).toEqual([
    { from: "2026-10-25T00:00:00.000Z", to: "2026-10-25T02:00:00.000Z" },
  ]);
  const march = { from: "2026-03-28T00:00:00.000Z", to: "2026-03-31T00:00:00.000Z" };
  expect(starts(6, 3, march, "Europe/Kyiv")).toEqual([]);
});
