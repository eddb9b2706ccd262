import { expect, it } from "vitest";
import type { Score } from "~/api/model";
import { accuracy, confusionRows, largestDrift, scoreRows, verdict } from "./model";

const score = (part: Partial<Score>): Score => ({
  head: "tone",
  language: null,
  topic_id: null,
  metric: "macro_f1",
  before: 0.6,
  after: 0.65,
  low: 0.62,
  high: 0.68,
  examples: 10,
  ...part,
});

it("sets the whole before languages and languages before topics", () => {
  const rows = scoreRows([
    score({ topic_id: "7", examples: 90 }),
    score({ language: "uk", examples: 5 }),
    score({ head: "stage" }),
    score({ language: "ru", examples: 80 }),
    score({}),
  ]);
  expect(rows.map(({ head, language, topic_id }) => `${head} ${language ?? "-"} ${topic_id ?? "-"}`)).toEqual([
    "tone - -",
    "tone ru -",
    "tone uk -",
    "tone - 7",
    "stage - -",
  ]);
});

it("calls better only what is better by more than chance", () => {
  expect(verdict(score({}))).toBe("better");
  expect(verdict(score({ before: 0.64 }))).toBe("same");
  expect(verdict(score({ before: 0.7 }))).toBe("worse");
  expect(verdict(score({ after: null }))).toBe("unknown");
});

it("reads a confusion by rows, and survives an empty one", () => {
  expect(
    confusionRows([
      [3, 1],
      [0, 0],
    ]),
  ).toEqual([
    { total: 4, shares: [0.75, 0.25] },
    { total: 0, shares: [0, 0] },
  ]);
  expect(
    accuracy([
      [3, 1],
      [1, 5],
    ]),
  ).toBe(0.8);
  expect(accuracy([[0]])).toBeNull();
});

it("finds the week in which the negative changed most", () => {
  const week = (name: string, negative: number, neutral: number) => ({
    week: name,
    negative,
    neutral,
    positive: 0,
    unsure: 0,
  });
  expect(largestDrift([week("a", 1, 9), week("b", 2, 8), week("c", 7, 3)])).toEqual({
    week: "c",
    points: expect.closeTo(50),
  });
  expect(largestDrift([week("a", 1, 9), week("b", 0, 0)])).toBeNull();
});
