import { expect, it } from "vitest";
import { courseOf, wordSize } from "./word-size";

it("a word with a quarter of the largest share is half way up", () => {
  expect([0, 0.25, 1, 4].map((share) => wordSize(share, 1))).toEqual([14, 24, 34, 34]);
  expect(wordSize(0, 0)).toBe(14);
});

it("a word that was never there before is new, and small changes are none", () => {
  expect(courseOf(null, 0)).toBe("new");
  expect(courseOf(3, 10)).toBe("up");
  expect(courseOf(1.1, 10)).toBe("same");
  expect(courseOf(0.5, 10)).toBe("down");
});
