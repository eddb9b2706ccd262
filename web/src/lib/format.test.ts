import { describe, expect, it } from "vitest";
import { bytes, compact, duration, languageName, relative } from "./format";

const NOW = Date.parse("2026-11-21T20:00:00Z");
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

describe("relative time", () => {
  it("speaks the language of the reader", () => {
    expect(relative(ago(300), NOW, "en")).toBe("5 min. ago");
    expect(relative(ago(300), NOW, "ru")).toBe("5 мин. назад");
    expect(relative(ago(7200), NOW, "uk")).toBe("2 год тому");
  });

  it("is now under a minute and a date past a month", () => {
    expect(relative(ago(20), NOW, "en")).toBe("now");
    expect(relative(ago(86_400 * 40), NOW, "en")).toBe("Oct 12, 2026");
  });
});

it("large figures are short, sizes and lengths carry their unit", () => {
  expect(compact(12_300, "en")).toBe("12.3K");
  expect(bytes(61_400_000, "en")).toBe("61.4 MB");
  expect(bytes(0, "en")).toBe("0 byte");
  expect(duration(5400, "en")).toBe("1.5 hr");
});

it("an unknown language keeps its code", () => {
  expect(languageName("uk", "en")).toBe("Ukrainian");
  expect(languageName("not a code", "en")).toBe("not a code");
});
