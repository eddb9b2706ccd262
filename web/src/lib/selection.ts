import { INTENTS, STAGES } from "./judgement";
import { isPeriodName, type PeriodName, type Range, rangeOf } from "./period";
import { many, one } from "./search-params";

/**
 * What is chosen from the archive, and how it stands in an address. The search page and the questions page read addresses
 * by this one module, so that a link from one to the other means the same mentions.
 */
export const FACETS = [
  "topic",
  "tone",
  "intent",
  "stage",
  "spam",
  "judged_by",
  "story",
  "network",
  "language",
  "site",
  "community",
  "author",
  "kind",
  "tag",
  "country",
  "region",
  "city",
] as const;
export type FacetName = (typeof FACETS)[number];

/** All lists of a selection: the facets, and those that only drills from charts set. */
export const LISTS = [...FACETS, "state", "hashtag", "link", "emoji", "word"] as const;
export type ListName = (typeof LISTS)[number];

/** What is left out unless asked for. */
export const INCLUDES = ["binned", "copies", "spam"] as const;
export type Include = (typeof INCLUDES)[number];

export const TONES = ["negative", "neutral", "positive", "none"] as const;
const STATE_WORDS = ["new", "kept", "binned"] as const;
/** Lists of few words; others in an address make no sense. */
const WORDS: { [name in ListName]?: readonly string[] } = {
  tone: TONES,
  state: STATE_WORDS,
  intent: [...INTENTS, "none"],
  stage: [...STAGES, "none"],
  spam: ["yes", "no", "none"],
  judged_by: ["people", "machine", "none"],
};
const WITH_NONE: ReadonlySet<ListName> = new Set(["tone", "intent", "stage", "spam", "judged_by"]);

/** The list calls mentions without a value `none`; the others have `""` for them. */
export function saysNone(name: ListName): boolean {
  return WITH_NONE.has(name);
}

/** As the API takes it. In a list, `""` stands for mentions without a value (of tone: `none`). */
export type Selection = { [name in ListName]?: string[] } & {
  query?: string;
  from?: string;
  to?: string;
  include?: Include[];
};

/** As it stands in an address: the same, with periods by name, and {@link WITHOUT} where a list holds `""`. */
export type Choice = { [name in ListName]?: string[] } & {
  query?: string;
  from?: string;
  to?: string;
  period?: PeriodName;
  include?: Include[];
};

/** "Without a value" in an address, where nothing would be lost on the way. A value that begins so is written twice so. */
const WITHOUT = "~";

/** Reads an address; whatever makes no sense is left out. */
export function readChoice(raw: Record<string, unknown>): Choice {
  const found: Choice = {};
  const query = one(raw.query);
  if (query?.trim()) found.query = query;
  for (const name of LISTS) {
    let values = [...new Set(many(raw[name]))];
    const known = WORDS[name];
    if (known) values = values.filter((value) => known.includes(value));
    if (values.length > 0) found[name] = values;
  }
  const include = INCLUDES.filter((value) => many(raw.include).includes(value));
  if (include.length > 0) found.include = include;
  const from = moment(one(raw.from));
  const to = moment(one(raw.to));
  const period = one(raw.period);
  // Moments are exact and win over a name. An end before its beginning would find nothing and teach nothing.
  if (from !== undefined || to !== undefined) {
    if (from !== undefined) found.from = from;
    if (to !== undefined && (from === undefined || from < to)) found.to = to;
  } else if (isPeriodName(period)) found.period = period;
  return found;
}

/** What to ask the API for. `now` turns a period by name into moments; the zone is the workspace's. */
export function toSelection(choice: Choice, now: number, zone: string): Selection {
  const { period, ...rest } = choice;
  const selection: Selection = { ...rest };
  for (const name of LISTS) {
    const values = choice[name];
    if (values && !saysNone(name)) selection[name] = values.map(fromAddress);
  }
  return { ...selection, ...rangeOfChoice(choice, now, zone) };
}

/** The period of a choice as moments. */
export function rangeOfChoice(choice: Choice, now: number, zone: string): Range {
  if (choice.period) return rangeOf(choice.period, now, zone);
  const range: Range = {};
  if (choice.from) range.from = choice.from;
  if (choice.to) range.to = choice.to;
  return range;
}

/** The choice narrowed by a part of a selection: what a mark of a chart or a value of a facet leads to. */
export function narrowed(choice: Choice, part: Selection): Choice {
  const next: Choice = { ...choice };
  for (const name of LISTS) {
    const values = part[name];
    if (values) next[name] = values.map((value) => toAddress(name, value));
  }
  if (part.query) next.query = choice.query ? `(${choice.query})\nAND (${part.query})` : part.query;
  if (part.include) next.include = part.include;
  if (part.from || part.to) {
    delete next.period;
    next.from = part.from;
    next.to = part.to;
  }
  return next;
}

/** The choice with a value of a list added, or taken away if it was there. */
export function toggledIn(choice: Choice, name: ListName, value: string): Choice {
  const written = toAddress(name, value);
  const before = choice[name] ?? [];
  const after = before.includes(written) ? before.filter((other) => other !== written) : [...before, written];
  return { ...choice, [name]: after.length > 0 ? after : undefined };
}

/** The chosen values of a list as the API names them. */
export function chosenIn(choice: Choice, name: ListName): string[] {
  return (choice[name] ?? []).map((value) => (saysNone(name) ? value : fromAddress(value)));
}

/** The same for the same choice, in whatever order it was made. */
export function choiceKey(choice: Choice | Selection): string {
  const pairs = Object.entries(choice)
    .filter(([, value]) => value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => [key, Array.isArray(value) ? [...value].sort() : value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(pairs);
}

/** Nothing is chosen: everything of the archive that is shown by default. */
export function isEverything(choice: Choice): boolean {
  return choiceKey(choice) === "[]";
}

/** A value of a list as an address has it. */
function toAddress(name: ListName, value: string): string {
  if (value === "") return saysNone(name) ? "none" : WITHOUT;
  return value.startsWith(WITHOUT) && !saysNone(name) ? WITHOUT + value : value;
}

function fromAddress(written: string): string {
  if (written === WITHOUT) return "";
  return written.startsWith(WITHOUT + WITHOUT) ? written.slice(1) : written;
}

/** One way to write a moment, so that the same address is the same question. */
function moment(text: string | undefined): string | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
