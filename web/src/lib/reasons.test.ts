import { describe, expect, it } from "vitest";
import type { Explanation, Mention, Reason } from "~/api/types";
import { headsOf, heaviest, ranked, thickness, weightedPieces, weightsIn } from "./reasons";

const reason = (text: string, weight: number, spans: Reason["spans"] = []): Reason => ({
  kind: "words",
  text,
  spans,
  sign: null,
  weight,
});

describe("a text with weights", () => {
  it("is cut where marks and weights begin and end, and loses nothing", () => {
    const text = "Билайн опять не работает";
    const found = weightedPieces(text, [{ start: 0, end: 6 }], [{ start: 13, end: 24, weight: 0.7 }]);
    expect(found).toEqual([
      { at: 0, text: "Билайн", marked: true, weight: 0 },
      { at: 6, text: " опять ", marked: false, weight: 0 },
      { at: 13, text: "не работает", marked: false, weight: 0.7 },
    ]);
    expect(found.map((piece) => piece.text).join("")).toBe(text);
  });

  it("adds weights that lie over each other and reads spans past the end", () => {
    const found = weightedPieces(
      "abcd",
      [],
      [
        { start: 0, end: 3, weight: 0.5 },
        { start: 2, end: 90, weight: -0.25 },
      ],
    );
    expect(found.map(({ text, weight }) => [text, weight])).toEqual([
      ["ab", 0.5],
      ["c", 0.25],
      ["d", -0.25],
    ]);
  });

  it("is empty for an empty text", () => {
    expect(weightedPieces("", [{ start: 0, end: 3 }], [])).toEqual([]);
  });
});

it("draws what weighs next to nothing as nothing", () => {
  expect([0.01, 0.2, -0.5, 1].map((weight) => thickness(weight, 1))).toEqual([0, 1, 2, 3]);
  expect(thickness(1, 0)).toBe(0);
});

it("ranks by weight whatever the sign", () => {
  const reasons = [reason("a", 0.1), reason("b", -0.9), reason("c", 0.4)];
  expect(ranked(reasons, 2).map(({ text }) => text)).toEqual(["b", "c"]);
  expect(heaviest(reasons)).toBe(0.9);
});

it("keeps the places of the title and of the text apart", () => {
  const reasons = [
    reason("x", 0.4, [
      { in_title: true, start: 0, end: 2 },
      { in_title: false, start: 5, end: 7 },
    ]),
  ];
  expect(weightsIn(reasons, true)).toEqual([{ start: 0, end: 2, weight: 0.4 }]);
  expect(weightsIn(reasons, false)).toEqual([{ start: 5, end: 7, weight: 0.4 }]);
});

it("explains the tone, the intents, the stage, and spam only where it may be", () => {
  const explanation: Explanation = {
    tone: { label: "negative", score: 0.8, reasons: [] },
    intents: [{ intent: "complaint", score: 0.9, reasons: [] }],
    stage: { stage: "use", score: 0.6, reasons: [] },
    spam: { score: 0.02, reasons: [reason("http", -0.4)] },
    motive: null,
    motive_spans: [],
    model: { id: "0", version: "1" },
  };
  const keys = (mention: Partial<Mention>, said = explanation) =>
    headsOf(said, { spam: 0.02, ...mention } as Mention).map(({ key }) => key);
  expect(keys({})).toEqual(["tone", "intent complaint", "stage"]);
  expect(keys({ spam: 1 }).at(-1)).toBe("spam");
  expect(keys({}, { ...explanation, stage: null, spam: { score: 0.4, reasons: [] } })).toEqual([
    "tone",
    "intent complaint",
    "spam",
  ]);
});
