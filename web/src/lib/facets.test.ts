import { describe, expect, it } from "vitest";
import type { FacetCounts } from "~/api/archive";
import { facetLines, linesWith } from "./facets";

const COUNTS: FacetCounts = {
  facet: "city",
  values: [
    { value: "Саратов", label: "Саратов", mentions: 12 },
    { value: "Энгельс", label: "Энгельс", mentions: 7 },
  ],
  distinct: 5,
  others: 4,
  without: 30,
};

describe("the lines of a facet", () => {
  it("lift what is chosen and end with those without a value", () => {
    expect(facetLines(COUNTS, ["Энгельс"], false)).toEqual([
      { value: "Энгельс", label: "Энгельс", mentions: 7, chosen: true },
      { value: "Саратов", label: "Саратов", mentions: 12, chosen: false },
      { value: "", label: "", mentions: 30, chosen: false },
    ]);
  });

  it("do not invent a count for a choice beyond the most frequent", () => {
    expect(facetLines(COUNTS, ["Балаково"], false)[0]).toEqual({
      value: "Балаково",
      label: undefined,
      mentions: null,
      chosen: true,
    });
    expect(facetLines({ ...COUNTS, others: 0 }, ["Балаково"], false)[0]?.mentions).toBe(0);
    expect(facetLines(undefined, ["Балаково"], false)).toEqual([
      { value: "Балаково", label: undefined, mentions: null, chosen: true },
    ]);
  });

  it("of the tone call what is not set `none`, and show it once", () => {
    const tone: FacetCounts = { ...COUNTS, facet: "tone", values: [{ value: "none", label: "", mentions: 30 }] };
    expect(facetLines(tone, [], true).map(({ value }) => value)).toEqual(["none"]);
    expect(facetLines({ ...tone, values: [] }, ["none"], true)).toEqual([
      { value: "none", label: "", mentions: 30, chosen: true },
    ]);
  });

  it("are searched by name, but for the chosen, which stay", () => {
    const lines = facetLines(COUNTS, ["Энгельс"], false);
    const found = linesWith(lines, " сара", (line) => line.label || line.value);
    expect(found.map(({ value }) => value)).toEqual(["Энгельс", "Саратов"]);
  });
});
