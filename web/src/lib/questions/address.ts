import { many, one } from "../search-params";
import { type Choice, readChoice, type Selection, toSelection } from "../selection";
import { type Compare, comparedStretch, readCompare, readStretch, writeCompare, writeStretch } from "./compare";
import { PLACES, type PlaceKind, type Stretch, UNITS, type Unit, WORD_LISTS, type WordList } from "./shapes";

/** The charts of the page that can be shown as tables instead. */
const CHARTS = ["volume", "rhythm", "heat", "places", "authors", "words", "understanding"] as const;
export type ChartName = (typeof CHARTS)[number];

export const WORD_VIEWS = [...WORD_LISTS.slice(0, 2), "phrases", ...WORD_LISTS.slice(2)] as const;
export type WordView = WordList | "phrases";
const AUTHOR_ORDERS = ["mentions", "reach"] as const;
const SHAPES = ["map", "list"] as const;
/** How places that lie somewhere are shown. */
export type PlaceShape = (typeof SHAPES)[number];
export type AuthorOrder = (typeof AUTHOR_ORDERS)[number];

/** How the questions page is looked at, beyond what is chosen; everything absent is the default. */
export interface View {
  compare: Compare;
  /** Share of voice by reach instead of by mentions. */
  weighted: boolean;
  /** The part of the period that the rhythm shows. */
  zoom: Stretch | null;
  unit: Unit | undefined;
  places: PlaceKind;
  shape: PlaceShape;
  authors: AuthorOrder;
  words: WordView;
  /** What words are set against. */
  baseline: Stretch | null;
  tables: ChartName[];
}

export type Address = Record<string, unknown>;

function among<T extends string>(allowed: readonly T[], raw: unknown, fallback: T): T {
  const value = one(raw);
  return allowed.find((known) => known === value) ?? fallback;
}

export function readView(raw: Address): View {
  const unit = one(raw.unit);
  return {
    compare: readCompare(one(raw.compare)),
    weighted: one(raw.weighted) === "true",
    zoom: readStretch(one(raw.zoom)),
    unit: UNITS.find((known) => known === unit),
    places: among(PLACES, raw.places, "networks"),
    shape: among(SHAPES, raw.shape, "map"),
    authors: among(AUTHOR_ORDERS, raw.authors, "mentions"),
    words: among(WORD_VIEWS, raw.words, "typical"),
    baseline: readStretch(one(raw.baseline)),
    tables: CHARTS.filter((chart) => many(raw.table).includes(chart)),
  };
}

/** The address of a view of a choice; what is as always stays out of it. */
export function writeAddress(choice: Choice, view: View): Address {
  return {
    ...choice,
    compare: writeCompare(view.compare),
    weighted: view.weighted ? "true" : undefined,
    zoom: view.zoom ? writeStretch(view.zoom) : undefined,
    unit: view.unit,
    places: view.places === "networks" ? undefined : view.places,
    shape: view.shape === "map" ? undefined : view.shape,
    authors: view.authors === "mentions" ? undefined : view.authors,
    words: view.words === "typical" ? undefined : view.words,
    baseline: view.baseline ? writeStretch(view.baseline) : undefined,
    table: view.tables.length > 0 ? view.tables : undefined,
  };
}

/** Keeps what makes sense of an address, for the router. */
export function readAddress(raw: Address): Address {
  const choice = readChoice(raw);
  const dated = choice.period || choice.from || choice.to;
  // All time is said in so many words: an address that says nothing is answered with the usual period.
  return { ...writeAddress(choice, readView(raw)), all: !dated && one(raw.all) === "true" ? "true" : undefined };
}

const MINUTE_MS = 60_000;

/**
 * What to ask the API for. A period that has a beginning gets an end, the minute `now` lies in, so that figures, the rows
 * behind them and the stretch they are set against all speak of the same time.
 */
export function settledSelection(choice: Choice, now: number, zone: string): Selection {
  const selection = toSelection(choice, now, zone);
  if (selection.from && !selection.to) selection.to = new Date(Math.ceil(now / MINUTE_MS) * MINUTE_MS).toISOString();
  return selection;
}

/** The stretch the whole page is set against. */
export function pageStretch(view: View, selection: Selection, zone: string): Stretch | null {
  return comparedStretch(view.compare, selection, zone);
}
