import { countryName } from "../../format";
import type { PlaceValue } from "../shapes";
import { type RegionGrid, spoken, spotsOf } from "./grid";
import { RUSSIA } from "./russia";
import { speller } from "./spelling";
import { UKRAINE } from "./ukraine";
import { WORLD } from "./world";

/** What can be shown as a map. */
const MAPPED = ["countries", "regions"] as const;
export type Mapped = (typeof MAPPED)[number];

export function isMapped(kind: string): kind is Mapped {
  return (MAPPED as readonly string[]).includes(kind);
}

/** A square of a map and what is said there. */
export interface Tile {
  code: string;
  /** Two or three letters. */
  mark: string;
  name: string;
  column: number;
  row: number;
  mentions: number;
  /** Of all mentions; `null` when there are none. */
  share: number | null;
  /** The values of the archive that mean this place, in whatever spelling. */
  values: string[];
}

export interface PlaceMap {
  /** The country whose regions these are; the world has none. */
  country: string | null;
  columns: number;
  rows: number;
  tiles: Tile[];
  mentions: number;
}

export interface Mapping {
  maps: PlaceMap[];
  /** Values that have no square, as they came. */
  elsewhere: PlaceValue[];
}

const GRIDS: readonly RegionGrid[] = [RUSSIA, UKRAINE];
const regionOf = speller(GRIDS);

/** Puts values on the maps; each is on one square or elsewhere, so that the sums stay the same. */
export function mapped(kind: Mapped, values: readonly PlaceValue[], locale: string): Mapping {
  return kind === "countries" ? world(values, locale) : regions(values, locale);
}

type Named = Pick<Tile, "code" | "mark" | "name" | "column" | "row">;

function world(values: readonly PlaceValue[], locale: string): Mapping {
  const named = spotsOf(WORLD).map((spot) => ({ ...spot, mark: spot.code, name: countryName(spot.code, locale) }));
  const known = new Set(named.map((one) => one.code));
  const codeOf = ({ value }: PlaceValue) => (known.has(value.toUpperCase()) ? value.toUpperCase() : null);
  const { of, elsewhere } = sorted(values, codeOf);
  return { maps: values.length > elsewhere.length ? [filled(null, named, of)] : [], elsewhere };
}

function regions(values: readonly PlaceValue[], locale: string): Mapping {
  const { of, elsewhere } = sorted(values, ({ value }) => regionOf(value));
  const maps = GRIDS.map(({ country, regions, rows }) => {
    const byCode = new Map(regions.map((region) => [region[0], region]));
    const named = spotsOf(rows).flatMap((spot) => {
      const region = byCode.get(spot.code);
      return region ? [{ ...spot, code: `${country}-${spot.code}`, ...spoken(region, locale) }] : [];
    });
    return filled(country, named, of);
  });
  return {
    maps: maps.filter((map) => map.mentions > 0).sort((one, other) => other.mentions - one.mentions),
    elsewhere,
  };
}

function sorted(values: readonly PlaceValue[], codeOf: (value: PlaceValue) => string | null) {
  const of = new Map<string, PlaceValue[]>();
  const elsewhere: PlaceValue[] = [];
  for (const value of values) {
    const code = codeOf(value);
    if (code === null) elsewhere.push(value);
    else of.set(code, [...(of.get(code) ?? []), value]);
  }
  return { of, elsewhere };
}

function filled(country: string | null, named: readonly Named[], of: ReadonlyMap<string, PlaceValue[]>): PlaceMap {
  const tiles = named.map((one) => {
    const values = of.get(one.code) ?? [];
    const shares = values.flatMap(({ share }) => (share === null ? [] : [share]));
    return {
      ...one,
      mentions: sum(values.map(({ mentions }) => mentions)),
      share: shares.length > 0 ? sum(shares) : null,
      values: values.map(({ value }) => value),
    };
  });
  return {
    country,
    columns: Math.max(...tiles.map(({ column }) => column)) + 1,
    rows: Math.max(...tiles.map(({ row }) => row)) + 1,
    tiles,
    mentions: sum(tiles.map(({ mentions }) => mentions)),
  };
}

const sum = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0);
