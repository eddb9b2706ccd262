import { describe, expect, it } from "vitest";
import { composeQuery, place } from "./query-text";

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

it("a place is told by line and column from 1", () => {
  expect(place("a\nbc d", 0)).toBe("1:1");
  expect(place("a\nbc d", 5)).toBe("2:4");
});
