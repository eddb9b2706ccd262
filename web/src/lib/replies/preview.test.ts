import { expect, it } from "vitest";
import { previewPieces } from "./preview";

const check = (text: string, expected: string[]) =>
  expect(previewPieces(text).map(({ kind, text: piece }) => `${kind}:${piece}`)).toEqual(expected);

it("marks addresses, people and hashtags, and leaves the punctuation after them alone", () => {
  check("@olena@m.example, смотрите https://example.org/a. #связь!", [
    "handle:@olena@m.example",
    "text:, смотрите ",
    "link:https://example.org/a",
    "text:. ",
    "hashtag:#связь",
    "text:!",
  ]);
});

it("sees no person in a mail address and no hashtag in a number", () => {
  check("mail a@b.example or #1", ["text:mail a@b.example or #1"]);
});

it("keeps every letter", () => {
  const text = "x @a #b https://c.example @@ ## http:// 😀@d";
  expect(
    previewPieces(text)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
});
