import { describe, expect, it } from "vitest";
import { filterCount, filterKey, readSearch, toggled, toQuery } from "./filters";
import { parseSearch, stringifySearch } from "./search-params";

const NOW = Date.parse("2026-11-21T20:15:42.500Z");

describe("the address of the stream", () => {
  it("gives back what was put in, ids as text however long", () => {
    const search = readSearch(
      parseSearch(
        "?topic=7400000000000000001&topic=7400000000000000002&tone=none&text=%D1%81%D0%B2%D1%8F%D0%B7%D1%8C&copies=true&mention=74",
      ),
    );
    expect(search).toEqual({
      topic: ["7400000000000000001", "7400000000000000002"],
      tone: ["none"],
      text: "связь",
      copies: true,
      mention: "74",
    });
    expect(readSearch(parseSearch(stringifySearch({ ...search })))).toEqual(search);
  });

  it("leaves out what makes no sense", () => {
    const raw = parseSearch(
      "?tone=angry&state=new&state=new&state=lost&from=yesterday&period=2y&copies=maybe&author=%20&topic=",
    );
    expect(readSearch(raw)).toEqual({ state: ["new"] });
  });

  it("is empty when nothing is chosen", () => {
    expect(stringifySearch({ topic: undefined, text: "", copies: false })).toBe("");
  });
});

describe("the question to the API", () => {
  it("turns a period into a moment cut to the minute", () => {
    expect(toQuery({ topic: ["1"], period: "24h" }, NOW)).toEqual({ topic: ["1"], from: "2026-11-20T20:15:00.000Z" });
  });

  it("prefers a moment that was given", () => {
    expect(toQuery({ period: "1h", from: "2026-01-01T00:00:00Z" }, NOW)).toEqual({ from: "2026-01-01T00:00:00Z" });
  });

  it("never asks for the open mention", () => {
    expect(toQuery(readSearch({ mention: "5", state: "kept" }), NOW)).toEqual({ state: ["kept"] });
  });
});

describe("filters", () => {
  it("are the same list in whatever order they were picked", () => {
    expect(filterKey({ tone: ["positive", "negative"], topic: ["1"] })).toBe(
      filterKey({ topic: ["1"], tone: ["negative", "positive"] }),
    );
    expect(filterKey(readSearch({ mention: "1" }))).toBe(filterKey({}));
  });

  it("toggle a value and vanish when the last one goes", () => {
    expect(toggled(undefined, "a")).toEqual(["a"]);
    expect(toggled(["a"], "b")).toEqual(["a", "b"]);
    expect(toggled(["a"], "a")).toBeUndefined();
  });

  it("count those that are out of sight", () => {
    expect(filterCount({ topic: ["1"], state: ["new"] })).toBe(0);
    expect(filterCount({ network: ["vk"], tone: ["none"], period: "1h", copies: true })).toBe(4);
  });
});
