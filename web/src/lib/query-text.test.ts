import { describe, expect, it } from "vitest";
import type { Diagnostic } from "~/api/types";
import { composeQuery, fixed, place, underlines } from "./query-text";

const fault = (
  start: number,
  end: number,
  severity: Diagnostic["severity"] = "error",
  replacement: string | null = null,
) => ({
  start,
  end,
  severity,
  replacement,
  code: "x",
  message: "",
});

const SUGGESTION = {
  query: "",
  spellings: ["билайн", "beeline", "вымпел ком"],
  exclusions: [
    { clause: "вакансия OR резюме", reason: "jobs" },
    { clause: '"курс доллара"', reason: "rates" },
  ],
};

describe("a suggested query", () => {
  const compose = (spellings: string[], exclusions: string[]) =>
    composeQuery(SUGGESTION, new Set(spellings), new Set(exclusions));

  it("follows the switches", () => {
    expect(compose(["билайн", "beeline"], [])).toBe("билайн OR beeline");
    expect(compose(["билайн", "вымпел ком"], ["вакансия OR резюме"])).toBe(
      '(билайн OR "вымпел ком")\nNOT (вакансия OR резюме)',
    );
    expect(compose(["beeline"], ["вакансия OR резюме", '"курс доллара"'])).toBe(
      'beeline\nNOT (вакансия OR резюме)\nNOT "курс доллара"',
    );
  });
});

describe("underlines", () => {
  const shown = (query: string, faults: Diagnostic[]) =>
    underlines(query, faults).map(({ text, severity }) => `${text}:${severity?.[0] ?? "-"}`);

  it("cut the query at the borders of its faults, the worst wins", () => {
    expect(shown("(a or b", [fault(0, 1), fault(3, 5, "warning"), fault(4, 5)])).toEqual([
      "(:e",
      "a :-",
      "o:w",
      "r:e",
      " b:-",
    ]);
  });

  it("show a fault without a width", () => {
    expect(shown("a OR", [fault(4, 4)])).toEqual(["a O:-", "R:e"]);
  });

  it("survive faults past the end", () => {
    expect(shown("ab", [fault(1, 40)])).toEqual(["a:-", "b:e"]);
  });
});

describe("a fix", () => {
  it("replaces the fault and puts the caret behind it", () => {
    expect(fixed("a or b", fault(2, 4, "warning", "OR"))).toEqual({ query: "a OR b", caret: 4 });
  });

  it("can take the fault away", () => {
    expect(fixed("a) b", fault(1, 2, "error", ""))).toEqual({ query: "a b", caret: 1 });
  });
});

it("a place is told by line and column from 1", () => {
  expect(place("a\nbc d", 0)).toBe("1:1");
  expect(place("a\nbc d", 5)).toBe("2:4");
});
