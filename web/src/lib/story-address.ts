import type { StoryOrder, StoryQuery } from "~/api/stories";
import { one } from "./search-params";

export const STORY_PERIODS = ["24h", "7d", "30d", "all"] as const;
export type StoryPeriod = (typeof STORY_PERIODS)[number];

const PERIOD_MS: Record<Exclude<StoryPeriod, "all">, number> = {
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
};

/** The address of the list of stories; what is absent is as always: the largest of seven days. */
export interface StoriesAddress {
  topic?: string;
  order?: StoryOrder;
  period?: StoryPeriod;
}

export function readStories(raw: Record<string, unknown>): StoriesAddress {
  const found: StoriesAddress = {};
  const topic = one(raw.topic);
  if (topic && /^\d+$/.test(topic)) found.topic = topic;
  if (one(raw.order) === "newest") found.order = "newest";
  const period = STORY_PERIODS.find((known) => known === one(raw.period));
  if (period && period !== "7d") found.period = period;
  return found;
}

/** What to ask the API for; `now` is cut to the minute, so that equal questions stay equal. */
export function storyQuery({ topic, order = "largest", period = "7d" }: StoriesAddress, now: number): StoryQuery {
  const query: StoryQuery = { order };
  if (topic) query.topic = topic;
  if (period !== "all") {
    query.from = new Date(Math.floor((now - PERIOD_MS[period]) / 60_000) * 60_000).toISOString();
  }
  return query;
}
