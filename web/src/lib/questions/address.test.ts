import { describe, expect, it } from "vitest";
import { parseSearch, stringifySearch } from "../search-params";
import { readChoice } from "../selection";
import { readAddress, readView, settledSelection, writeAddress } from "./address";

describe("the address of the page", () => {
  it("comes back as it was", () => {
    const text =
      "?topic=1&topic=2&tone=negative&include=spam&period=30d&compare=year&weighted=true" +
      "&zoom=2026-11-01T00%3A00%3A00Z..2026-11-02T00%3A00%3A00Z&unit=hour&places=cities&shape=list&authors=reach&words=phrases&table=rhythm&table=words";
    const raw = parseSearch(text);
    const again = parseSearch(stringifySearch(writeAddress(readChoice(raw), readView(raw))));
    expect(again).toEqual({ ...raw, topic: ["1", "2"] });
  });

  it("drops what makes no sense and what is as always", () => {
    const address = readAddress({
      places: "networks",
      shape: "map",
      words: "nonsense",
      unit: "eon",
      zoom: "x..y",
      table: "cake",
      weighted: "1",
    });
    expect(Object.values(address).filter((value) => value !== undefined)).toEqual([]);
  });
});

it("a period that is still running ends in this minute, one without a beginning stays open", () => {
  const now = Date.parse("2026-11-22T10:20:30Z");
  expect(settledSelection({ period: "7d" }, now, "UTC")).toEqual({
    from: "2026-11-16T00:00:00.000Z",
    to: "2026-11-22T10:21:00.000Z",
  });
  expect(settledSelection({ topic: ["1"] }, now, "UTC")).toEqual({ topic: ["1"] });
});
