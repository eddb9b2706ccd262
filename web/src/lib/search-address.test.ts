import { expect, it } from "vitest";
import { brushed, choiceOf, frameOf, readSearchAddress, zoomed } from "./search-address";
import { parseSearch, stringifySearch } from "./search-params";

const read = (text: string) => readSearchAddress(parseSearch(text));
const PART = { from: "2026-11-03T00:00:00.000Z", to: "2026-11-05T00:00:00.000Z" };

it("an address keeps the order, the open mention and the choice apart", () => {
  const address = read("?query=a&order=reach&mention=12&tone=none&frame=all");
  expect(address).toEqual({ query: "a", order: "reach", mention: "12", tone: ["none"] });
  expect(choiceOf(address)).toEqual({ query: "a", tone: ["none"] });
  expect(read("?order=newest&frame=30d")).toEqual({});
});

it("brushing narrows the period and leaves the timeline as it is", () => {
  const before = read("?query=a&period=30d");
  const after = read(stringifySearch(brushed(before, PART)));
  expect(after).toEqual({ query: "a", ...PART, frame: "30d" });
  expect(frameOf(after)).toEqual({ period: "30d", from: undefined, to: undefined });
  expect(read(stringifySearch(brushed(after, null)))).toEqual(before);
});

it("brushing again keeps the frame, zooming drops it", () => {
  const first = read(stringifySearch(brushed(read("?from=2026-11-01T00:00:00Z"), PART)));
  expect(first.frame).toBe("2026-11-01T00:00:00.000Z..");
  const second = brushed(first, { ...PART, to: "2026-11-04T00:00:00.000Z" });
  expect(frameOf(second)).toEqual({ period: undefined, from: "2026-11-01T00:00:00.000Z", to: undefined });
  expect(frameOf(zoomed(second))).toEqual({ period: undefined, from: PART.from, to: "2026-11-04T00:00:00.000Z" });
});

it("a brush over all time goes back to all time", () => {
  const after = read(stringifySearch(brushed({}, PART)));
  expect(after).toEqual({ ...PART, frame: "all" });
  expect(read(stringifySearch(brushed(after, null)))).toEqual({});
});

it("a frame that cannot be read is no frame", () => {
  expect(read(`?from=${PART.from}&frame=x..y`).frame).toBeUndefined();
  expect(read(`?from=${PART.from}&frame=..`).frame).toBeUndefined();
});
