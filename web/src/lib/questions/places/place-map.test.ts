import { describe, expect, it } from "vitest";
import type { PlaceValue } from "../shapes";
import { spoken, spotsOf } from "./grid";
import { mapped } from "./place-map";
import { RUSSIA } from "./russia";
import { speller } from "./spelling";
import { neighbour, shadeOf, shades } from "./tiles";
import { UKRAINE } from "./ukraine";
import { WORLD } from "./world";

const place = (value: string, mentions: number): PlaceValue => ({
  value,
  label: value,
  mentions,
  share: mentions / 100,
  negative: 0,
  neutral: 0,
  positive: 0,
  unjudged: mentions,
  reach: 0,
});

describe.each([RUSSIA, UKRAINE])("the grid of $country", ({ regions, rows }) => {
  it("has one square for each region", () => {
    const codes = spotsOf(rows).map(({ code }) => code);
    expect(codes.toSorted()).toEqual(regions.map(([code]) => code).toSorted());
  });

  it.each(["ru", "uk", "en"])("marks no two regions alike (%s)", (locale) => {
    const marks = regions.map((region) => spoken(region, locale).mark);
    expect(marks.filter((mark, at) => marks.indexOf(mark) !== at || mark.length > 3)).toEqual([]);
  });
});

it("the grid of the world holds countries that have a name, once each", () => {
  const codes = spotsOf(WORLD).map(({ code }) => code);
  const name = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.filter((code) => !name.of(code))).toEqual([]);
});

describe("a region is found", () => {
  const find = speller([RUSSIA, UKRAINE]);

  it.each([
    ["Саратовская область", "RU-SAR"],
    ["саратовская обл.", "RU-SAR"],
    ["Саратовская", "RU-SAR"],
    ["Saratov", "RU-SAR"],
    ["Saratovskaya Oblast'", "RU-SAR"],
    ["Саратовська область", "RU-SAR"],
    [" ru-sar ", "RU-SAR"],
    ["Perm region", "RU-PER"],
    ["Krasnodarskiy Kray", "RU-KDA"],
    ["Республика Татарстан", "RU-TA"],
    ["Republic of Tatarstan", "RU-TA"],
    ["г. Москва", "RU-MOW"],
    ["Moscow Oblast", "RU-MOS"],
    ["Moscow", "RU-MOW"],
    ["Орёл, Орловская область", null],
    ["Республика Алтай", "RU-AL"],
    ["Алтай", "RU-AL"],
    ["Алтайский край", "RU-ALT"],
    ["Altai", null],
    ["Altai Republic", "RU-AL"],
    ["ХМАО — Югра", "RU-KHM"],
    ["Kyiv", "UA-30"],
    ["Київ", "UA-30"],
    ["м. Київ", "UA-30"],
    ["Kyiv region", "UA-32"],
    ["Київська обл.", "UA-32"],
    ["Киевская область", "UA-32"],
    ["Kyivska oblast", "UA-32"],
    ["Lvivska Oblast", "UA-46"],
    ["Закарпаття", "UA-21"],
    ["UA-21", "UA-21"],
    ["г. Саратов", null],
    ["Москва область", null],
    ["Masovia", null],
    ["область", null],
    ["", null],
  ])("%s: %s", (text, code) => {
    expect(find(text)).toBe(code);
  });

  it("by every name of its own, in every language", () => {
    const lost = [RUSSIA, UKRAINE].flatMap(({ country, regions }) =>
      regions.flatMap((region) =>
        ["ru", "uk", "en"].flatMap((locale) => {
          const { name } = spoken(region, locale);
          return find(name) === `${country}-${region[0]}` ? [] : [`${name}: ${find(name)}`];
        }),
      ),
    );
    expect(lost).toEqual([]);
  });
});

describe("values on the maps", () => {
  it("meet on one square in all their spellings, and what has no square is kept apart", () => {
    const { maps, elsewhere } = mapped(
      "regions",
      [place("Київ", 30), place("Москва", 20), place("Masovia", 9), place("Moscow", 5), place("RU-MOW", 1)],
      "en",
    );
    expect(maps.map(({ country, mentions }) => [country, mentions])).toEqual([
      ["UA", 30],
      ["RU", 26],
    ]);
    expect(maps[1]?.tiles.find(({ mentions }) => mentions > 0)).toEqual({
      code: "RU-MOW",
      mark: "MOW",
      name: "Moscow",
      column: 2,
      row: 5,
      mentions: 26,
      share: 0.26,
      values: ["Москва", "Moscow", "RU-MOW"],
    });
    expect(elsewhere.map(({ value }) => value)).toEqual(["Masovia"]);
  });

  it("of countries stand on the world, except those without a square", () => {
    const { maps, elsewhere } = mapped("countries", [place("UA", 3), place("GF", 2), place("Atlantis", 1)], "uk");
    expect(maps[0]?.tiles.filter(({ mentions }) => mentions > 0).map(({ name }) => name)).toEqual(["Україна"]);
    expect(elsewhere.map(({ value }) => value)).toEqual(["GF", "Atlantis"]);
  });

  it("make no map where none is known", () => {
    expect(mapped("regions", [place("Masovia", 9)], "en").maps).toEqual([]);
    expect(mapped("countries", [], "en").maps).toEqual([]);
  });
});

describe("shades", () => {
  it("grow by multiplying, from the least to the most", () => {
    expect(shades([10_000, 0, 1, 50])).toEqual([1, 10, 100, 1000]);
    expect(shades([80, 1280])).toEqual([80, 160, 320, 640]);
    expect([0, 1, 9, 10, 999, 1000, 10_000].map((figure) => shadeOf(figure, [1, 10, 100, 1000]))).toEqual([
      0, 1, 1, 2, 3, 4, 4,
    ]);
  });

  it("are fewer for small figures, and the most is always the deepest", () => {
    expect(shades([])).toEqual([]);
    expect(shades([0, 7])).toEqual([7]);
    expect(shadeOf(7, [7])).toBe(4);
    expect(shades([1, 3])).toEqual([1, 2, 3]);
    expect(shadeOf(3, [1, 2, 3])).toBe(4);
    expect(shadeOf(5, [])).toBe(0);
  });
});

it("an arrow leads to the nearest square that way, and nowhere past the last", () => {
  const tiles = [
    { column: 0, row: 0 },
    { column: 3, row: 0 },
    { column: 1, row: 1 },
  ];
  const from = { column: 0, row: 0 };
  expect(neighbour(tiles, from, "ArrowRight")).toEqual({ column: 3, row: 0 });
  expect(neighbour(tiles, from, "ArrowDown")).toEqual({ column: 1, row: 1 });
  expect(neighbour(tiles, from, "ArrowLeft")).toBeUndefined();
  expect(neighbour(tiles, from, "Enter")).toBeUndefined();
});
