import type { MentionQuery } from "~/api/operations";
import type { MentionState } from "~/api/types";
import { INTENTS, STAGES } from "./judgement";
import { many, one } from "./search-params";

const STATES = ["new", "kept", "binned"] as const satisfies MentionState[];
export const TONES = ["negative", "neutral", "positive", "none"] as const;
export const PERIODS = ["1h", "24h", "7d", "30d"] as const;
export type Period = (typeof PERIODS)[number];

const PERIOD_MS: Record<Period, number> = {
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
};

/** What the stream is narrowed to. Absent or empty means "do not filter"; an empty `state` leaves out only the bin. */
export interface Filters {
  topic?: string[];
  network?: string[];
  source?: string[];
  language?: string[];
  state?: string[];
  tone?: string[];
  intent?: string[];
  stage?: string[];
  tag?: string[];
  author?: string;
  text?: string;
  from?: string;
  to?: string;
  period?: Period;
  copies?: boolean;
  /** Only the posts of one story. */
  story?: string;
  one_per_story?: boolean;
  without_spam?: boolean;
}

/** The address of the stream: its filters and the mention that is open. */
export interface StreamSearch extends Filters {
  mention?: string;
}

const LISTS = ["topic", "network", "source", "language", "state", "tone", "intent", "stage", "tag"] as const;
export type ListFilter = (typeof LISTS)[number];

/** Lists of few words; others in an address make no sense. */
const WORDS: Partial<Record<ListFilter, readonly string[]>> = {
  state: STATES,
  tone: TONES,
  intent: INTENTS,
  stage: [...STAGES, "none"],
};

/** Reads an address; whatever makes no sense is left out. */
export function readSearch(raw: Record<string, unknown>): StreamSearch {
  const found: StreamSearch = {};
  for (const key of LISTS) {
    let values = [...new Set(many(raw[key]))];
    const known = WORDS[key];
    if (known) values = values.filter((value) => known.includes(value));
    if (values.length > 0) found[key] = values;
  }
  for (const key of ["author", "text", "story", "mention"] as const) {
    const value = one(raw[key])?.trim();
    if (value) found[key] = value;
  }
  for (const key of ["from", "to"] as const) {
    const value = one(raw[key]);
    if (value && !Number.isNaN(Date.parse(value))) found[key] = value;
  }
  const period = one(raw.period);
  if (period && (PERIODS as readonly string[]).includes(period)) found.period = period as Period;
  for (const key of ["copies", "one_per_story", "without_spam"] as const)
    if (String(raw[key]) === "true") found[key] = true;
  return found;
}

/** What to ask the API for. A relative period becomes a moment, cut to the minute so that equal questions stay equal. */
export function toQuery(filters: Filters, now: number): MentionQuery {
  const { period, copies, one_per_story, without_spam, from, ...rest } = filters;
  const { mention: _, state, ...lists } = rest as StreamSearch;
  const query = { ...lists } as MentionQuery;
  if (state) query.state = state as MentionState[];
  if (from) query.from = from;
  else if (period) query.from = new Date(Math.floor((now - PERIOD_MS[period]) / 60_000) * 60_000).toISOString();
  if (copies) query.copies = true;
  if (one_per_story) query.one_per_story = true;
  if (without_spam) query.spam = false;
  return query;
}

/** The same for the same filters, in whatever order they were picked. */
export function filterKey(filters: Filters): string {
  const { mention: _, ...rest } = filters as StreamSearch;
  const pairs = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, Array.isArray(value) ? [...value].sort() : value] as const)
    .sort(([a], [b]) => a.localeCompare(b));
  return JSON.stringify(pairs);
}

export function toggled(values: string[] | undefined, value: string): string[] | undefined {
  const next = values?.includes(value) ? values.filter((other) => other !== value) : [...(values ?? []), value];
  return next.length > 0 ? next : undefined;
}

/** How many filters are set besides topic and state, which are always in sight. */
export function filterCount(filters: Filters): number {
  const lists = LISTS.filter((key) => key !== "topic" && key !== "state" && filters[key]?.length);
  const { author, text, copies, story, one_per_story, without_spam } = filters;
  const single = [
    author,
    text,
    filters.period ?? filters.from ?? filters.to,
    copies,
    story,
    one_per_story,
    without_spam,
  ];
  return lists.length + single.filter(Boolean).length;
}

export function isNarrowed(filters: Filters): boolean {
  return filterCount(filters) > 0 || Boolean(filters.topic?.length) || Boolean(filters.state?.length);
}
