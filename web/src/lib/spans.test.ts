import { describe, expect, it } from "vitest";
import { excerpt, matchedWords, pieces } from "./spans";

const span = (start: number, end: number, in_title = false) => ({ start, end, in_title });
const shown = (text: string, spans: { start: number; end: number }[]) =>
  pieces(text, spans)
    .map((piece) => (piece.marked ? `[${piece.text}]` : piece.text))
    .join("");

describe("marking", () => {
  it("marks words and keeps the rest", () => {
    expect(shown("снова Билайн лежит", [span(6, 12)])).toBe("снова [Билайн] лежит");
  });

  it("joins spans that overlap or touch, in any order", () => {
    expect(shown("abcdefgh", [span(4, 6), span(0, 2), span(1, 4)])).toBe("[abcdef]gh");
  });

  it("survives spans that lie outside of the text", () => {
    expect(shown("abc", [span(-5, 1), span(2, 99), span(7, 9), span(2, 2)])).toBe("[a]b[c]");
  });

  it("counts in UTF-16, as the API does", () => {
    expect(shown("👍🏽 beeline 👍🏽", [span(5, 12)])).toBe("👍🏽 [beeline] 👍🏽");
  });

  it("never loses a character", () => {
    const text = "Ёлки-палки, 👩‍👩‍👧 и ещё раз билайн";
    const joined = pieces(text, [span(2, 9), span(14, 15), span(30, 200)]).map((piece) => piece.text);
    expect(joined.join("")).toBe(text);
  });
});

describe("an excerpt", () => {
  it("shows a short text from its beginning", () => {
    expect(excerpt("нет связи", [span(4, 9)])).toEqual({ text: "нет связи", spans: [span(4, 9)] });
  });

  it("begins shortly before the first marked word, at a word", () => {
    const text = `${"слово ".repeat(60)}билайн и дальше`;
    const at = text.indexOf("билайн");
    const cut = excerpt(text, [span(at, at + 6)]);
    expect(cut.text.startsWith("… слово ")).toBe(true);
    expect(shown(cut.text, cut.spans)).toContain("[билайн] и дальше");
  });

  it("makes one line of many and keeps positions", () => {
    const cut = excerpt("раз\n\nдва билайн", [span(9, 15)]);
    expect(shown(cut.text, cut.spans)).toBe("раз  два [билайн]");
  });
});

describe("why it is here", () => {
  it("names every marked word once, title first", () => {
    expect(matchedWords("Билайн", "билайн и Beeline", [span(9, 16), span(0, 6), span(0, 6, true)])).toEqual([
      "Билайн",
      "Beeline",
    ]);
  });
});
