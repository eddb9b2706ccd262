import { expect, it } from "vitest";
import { fieldOf, momentIn, nextMorning } from "./later";

const at = (iso: string) => Date.parse(iso);

it("reads a field on the clocks of the zone and writes it back", () => {
  expect(momentIn("2026-11-22T15:30", "Europe/Moscow")).toBe(at("2026-11-22T12:30:00Z"));
  expect(fieldOf(at("2026-11-22T12:30:00Z"), "Europe/Moscow")).toBe("2026-11-22T15:30");
  expect(momentIn("2026-07-01T00:05", "Europe/Kyiv")).toBe(at("2026-06-30T21:05:00Z"));
  expect(momentIn("", "Europe/Kyiv")).toBeNull();
});

it("proposes nine in the morning, tomorrow's when today's has passed", () => {
  expect(nextMorning(at("2026-11-22T03:00:00Z"), "Europe/Moscow")).toBe("2026-11-22T09:00");
  expect(nextMorning(at("2026-11-22T06:00:00Z"), "Europe/Moscow")).toBe("2026-11-23T09:00");
  expect(nextMorning(at("2026-12-31T22:00:00Z"), "Europe/Moscow")).toBe("2027-01-01T09:00");
});
