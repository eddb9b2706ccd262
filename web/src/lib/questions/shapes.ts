import type { Selection } from "~/lib/selection";

/** What the endpoints of the five questions answer. Shares lie between 0 and 1 and are `null` when their base is 0. */
export interface Progress {
  done: number;
  total: number;
}

export interface Told {
  /** The archive is still being filled. */
  incomplete: Progress | null;
  /** Months (`2026-03`) whose figures could not be read. */
  missing: string[];
}

export interface Tones {
  negative: number;
  neutral: number;
  positive: number;
  unjudged: number;
}

export interface Stretch {
  from: string;
  to: string;
}

export interface TopicVolume {
  topic_id: string;
  mentions: number;
  reach: number;
  share: number | null;
  share_weighted: number | null;
  net_sentiment: number | null;
  selected: boolean;
}

export interface Totals {
  mentions: number;
  authors: number;
  potential_reach: number;
  reach_unknown: number;
  views: number;
  tones: Tones;
  net_sentiment: number | null;
  per_day: number | null;
  topics: TopicVolume[];
}

export interface Volume extends Totals, Told {
  before: Totals | null;
}

export const UNITS = ["minute", "hour", "day", "week", "month", "quarter", "year"] as const;
export type Unit = (typeof UNITS)[number];

export interface Bucket extends Tones, Stretch {
  mentions: number;
  /** Some source of the selection was down. */
  gap: boolean;
  before: number | null;
}

export interface SourceGap {
  source_id: string;
  source: string;
  from: string;
  to: string | null;
  cause: string;
}

export interface Rhythm extends Told {
  unit: Unit;
  time_zone: string;
  buckets: Bucket[];
  /** Seven days from Monday, 24 hours each. */
  heat: number[][];
  gaps: SourceGap[];
}

export interface PlaceValue {
  value: string;
  label: string;
  mentions: number;
  share: number | null;
  negative: number;
  neutral: number;
  positive: number;
  reach: number;
}

export interface PlaceList {
  values: PlaceValue[];
  distinct: number;
  others: number;
  without: number;
}

export const PLACES = ["networks", "sites", "communities", "countries", "regions", "cities"] as const;
export type PlaceKind = (typeof PLACES)[number];
export type Places = Record<PlaceKind, PlaceList> & Told;

export interface AuthorValue {
  author: string;
  name: string | null;
  handle: string | null;
  network: string;
  url: string | null;
  followers: number | null;
  verified: boolean;
  mentions: number;
  share: number | null;
  negative: number;
  neutral: number;
  positive: number;
}

export interface Authors extends Told {
  distinct: number;
  repeat: number;
  repeat_share: number | null;
  potential_reach: number;
  authors: AuthorValue[];
  loudest: AuthorValue[];
}

export interface Word {
  word: string;
  mentions: number;
  share: number | null;
  baseline: number;
  baseline_share: number | null;
  lift: number | null;
  drill: Partial<Selection>;
}

export interface Phrase {
  phrase: string;
  mentions: number;
  share: number;
  share_low: number;
  share_high: number;
}

export const WORD_LISTS = ["typical", "rising", "hashtags", "emoji", "links"] as const;
export type WordList = (typeof WORD_LISTS)[number];

export interface Words extends Told, Record<WordList, Word[]> {
  mentions: number;
  baseline: { from: string | null; to: string | null; mentions: number };
  phrases: { sampled: number; values: Phrase[] };
}

export interface SourceTrust {
  source_id: string;
  name: string;
  network: string;
  state: string;
  delivering: boolean;
  gap_seconds: number;
}

export interface Trust {
  sources: { expected: number; delivering: number; list: SourceTrust[] };
  gaps: SourceGap[];
  gap_share: number | null;
  quota_cuts: { source_id: string; name: string; at: string }[];
  duplicates: { mentions: number; share: number | null };
  binned: number;
  spam: number;
  judged_by_people: { mentions: number; share: number | null };
  score: "good" | "some" | "poor";
  reasons: string[];
}

export interface Figure {
  id: string;
  name: string;
  unit: string;
  formula: string;
  rows: string;
  excludes: string;
  source: string | null;
}

export interface Annotation {
  id: string;
  at: string;
  until: string | null;
  text: string;
  topic_id: string | null;
  author: { id: string; name: string };
  created_at: string;
}
