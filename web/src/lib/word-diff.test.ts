import { expect, it } from "vitest";
import { wordDiff } from "./word-diff";

const told = (before: string, after: string) =>
  wordDiff(before, after).map(({ kind, text }) =>
    kind === "same" ? text : kind === "gone" ? `[-${text}]` : `[+${text}]`,
  );

it("words that went and came stand where they stood", () => {
  expect(told("связь пропала с утра", "связь вернули с обеда")).toEqual([
    "связь",
    "[- пропала]",
    "[+ вернули]",
    " с",
    "[- утра]",
    "[+ обеда]",
  ]);
  expect(told("a b c", "a c")).toEqual(["a", "[- b]", " c"]);
  expect(told("a", "a b")).toEqual(["a", "[+ b]"]);
});

it("equal texts are one run and empty ones are none", () => {
  expect(told("a b", "a b")).toEqual(["a b"]);
  expect(told("", "")).toEqual([]);
  expect(told("", "a")).toEqual(["[+a]"]);
});

it("what is kept and what is new make the later text, also of long ones", () => {
  const long = Array.from({ length: 4_000 }, (_, index) => `слово${index % 7}`).join(" ");
  for (const [before, after] of [
    ["Раз, два\nтри", "Раз  два три\n\nчетыре "],
    [long, `начало ${long.slice(100)} конец`],
  ] as const) {
    const pieces = wordDiff(before, after);
    const of = (kind: string) =>
      pieces
        .filter((piece) => piece.kind !== kind)
        .map(({ text }) => text)
        .join("");
    expect(of("gone")).toBe(after);
    expect(of("new").replaceAll(/\s/g, "")).toBe(before.replaceAll(/\s/g, ""));
  }
});
