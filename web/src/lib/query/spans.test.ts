import { describe, expect, it } from "vitest";
import { at, depth, difference, next, visible, within } from "./spans";

const span = (start: number, end: number) => ({ start, end });

it("a stretch stays inside its text", () => {
  expect(within(span(2, 40), 5)).toEqual({ from: 2, to: 5 });
  expect(within(span(9, 12), 5)).toEqual({ from: 5, to: 5 });
});

describe("an empty stretch", () => {
  it("shows on the character before it, else behind it", () => {
    expect(visible("a OR", span(4, 4))).toEqual({ from: 3, to: 4 });
    expect(visible("abc", span(0, 0))).toEqual({ from: 0, to: 1 });
    expect(visible("", span(0, 0))).toEqual({ from: 0, to: 0 });
  });

  it("takes both halves of a character beyond the basic plane", () => {
    expect(visible("a😡", span(3, 3))).toEqual({ from: 1, to: 3 });
    expect(visible("😡", span(0, 0))).toEqual({ from: 0, to: 2 });
  });
});

it("the narrowest stretch at a place wins, ends included", () => {
  const spans = [span(0, 20), span(4, 9), span(10, 12)];
  expect(at(spans, 9)).toEqual(span(4, 9));
  expect(at(spans, 15)).toEqual(span(0, 20));
  expect(at(spans, 21)).toBeNull();
});

it("going on from a place wraps around", () => {
  const spans = [span(10, 12), span(2, 3)];
  expect(next(spans, 0, 1)).toEqual(span(2, 3));
  expect(next(spans, 2, 1)).toEqual(span(10, 12));
  expect(next(spans, 11, 1)).toEqual(span(2, 3));
  expect(next(spans, 2, -1)).toEqual(span(10, 12));
  expect(next([], 2, 1)).toBeNull();
});

it("two texts differ by one change as small as it can be", () => {
  expect(difference("a OR b", "a OR b")).toBeNull();
  expect(difference("a or b", "a OR b")).toEqual({ from: 2, to: 4, insert: "OR" });
  expect(difference("aa", "aaa")).toEqual({ from: 2, to: 2, insert: "a" });
  expect(difference("abc", "")).toEqual({ from: 0, to: 3, insert: "" });
});

it("a stretch lies as deep as others hold it", () => {
  const spans = [span(0, 20), span(1, 9), span(1, 9), span(2, 4), span(12, 14)];
  expect(spans.map((one) => depth(spans, one))).toEqual([0, 1, 1, 3, 1]);
});
