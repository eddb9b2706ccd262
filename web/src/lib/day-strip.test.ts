import { expect, it } from "vitest";
import { lastDay, stretch } from "./day-strip";

const NOW = Date.parse("2026-11-21T20:15:00Z");
const hour = (at: string, received: number) => ({
  hour: at,
  received,
  stored: 0,
  unmatched: received,
  duplicate: 0,
  updated: 0,
  rejected: 0,
});

it("the strip holds 24 hours, the current one last, quiet ones as zero", () => {
  const day = lastDay(
    [hour("2026-11-21T20:00:00Z", 5), hour("2026-11-21T18:00:00Z", 10), hour("2026-11-19T18:00:00Z", 99)],
    NOW,
  );
  expect(day).toHaveLength(24);
  expect(day.at(-1)).toMatchObject({ received: 5, share: 0.5 });
  expect(day.at(-3)).toMatchObject({ received: 10, share: 1 });
  expect(day.reduce((sum, one) => sum + one.received, 0)).toBe(15);
});

it("a gap is cut to the window; one outside is not shown", () => {
  const gap = (from: string, to: string | null) => stretch({ from, to, cause: "stopped" }, 0, 1000);
  expect(gap(new Date(250).toISOString(), new Date(500).toISOString())).toEqual({ start: 0.25, end: 0.5 });
  expect(gap(new Date(-500).toISOString(), null)).toEqual({ start: 0, end: 1 });
  expect(gap(new Date(1500).toISOString(), null)).toBeNull();
});
