import { expect, it } from "vitest";
import { likeliest } from "./forms";

it("forms with a hung ending come last, words with an apostrophe of their own stay", () => {
  expect(likeliest(["zara", "zara'ой", "zaras"], "zara")).toEqual(["zara", "zaras", "zara'ой"]);
  expect(likeliest(["м'ята", "м'яти"], "м'ята")).toEqual(["м'ята", "м'яти"]);
});
