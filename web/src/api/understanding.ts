import type { Stretch } from "~/lib/questions/shapes";
import type { Selection } from "~/lib/selection";
import { send } from "./client";
import { problemOf } from "./problem";
import type { components } from "./schema.gen";
import type { Estimate, Intent, Mention, Span, Stage, Tone } from "./types";

type Schemas = components["schemas"];

/** The API's part that explains judgements and keeps stories. Shares and scores lie between 0 and 1. */

export interface Reason {
  kind: "words" | "sign";
  /** Words of the post, or a sentence in the reader's language. */
  text: string;
  spans: Span[];
  sign: string | null;
  /** How much it speaks for (above 0) or against (below 0) what was decided. */
  weight: number;
}

export interface Explained {
  score: number;
  reasons: Reason[];
}

export interface Explanation {
  tone: (Explained & { label: Tone }) | null;
  intents: (Explained & { intent: Intent })[];
  stage: (Explained & { stage: Stage }) | null;
  spam: Explained | null;
  motive: string | null;
  model: { id: string; version: string };
}

export interface Story {
  id: string;
  title: string;
  posts: number;
  mentions: number;
  first_at: string;
  last_at: string;
  networks: { network: string; posts: number }[];
  topic_ids: string[];
}

export interface StoryPage {
  items: Story[];
  next_cursor: string | null;
}

export type StoryOrder = "newest" | "largest";

export interface StoryQuery {
  topic?: string;
  from?: string;
  to?: string;
  order?: StoryOrder;
  cursor?: string;
  limit?: number;
}

export interface OpenStory extends Story {
  timeline: { unit: string; buckets: { from: string; to: string; mentions: number }[] };
  first: Mention;
  tones: Record<Tone, number> & { unjudged: number };
}

export const explainMention = (id: string) => ask<Explanation>("GET", `/api/mentions/${id}/explanation`);
export const listStories = (query: StoryQuery, signal?: AbortSignal) =>
  ask<StoryPage>("GET", `/api/stories${written(query)}`, undefined, signal);
export const getStory = (id: string) => ask<OpenStory>("GET", `/api/stories/${id}`);
export const mergeStories = (id: string, other: string) =>
  ask<Story>("POST", `/api/stories/${id}/merge`, { with: other });
export const splitStory = (id: string, posts: readonly string[]) =>
  ask<Story>("POST", `/api/stories/${id}/split`, { post_ids: posts });

export interface IntentShare {
  intent: Intent;
  mentions: number;
  share: number | null;
  estimate?: Estimate | null;
}

export interface Understanding {
  tones: { tone: Tone; mentions: number; share: number | null; estimate?: Estimate | null }[];
  intents: IntentShare[];
  stages: { stage: Stage | null; mentions: number; share: number | null; estimate?: Estimate | null }[];
  spam: { mentions: number; share: number | null; estimate?: Estimate | null };
  over_time: { unit: string; buckets: UnderstandingBucket[] };
  stories: (Omit<Story, "id" | "posts" | "topic_ids"> & { story_id: string })[];
  incomplete: Schemas["Rhythm"]["incomplete"];
  missing: string[];
}

export type UnderstandingBucket = { from: string; to: string; intents: Partial<Record<Intent, number>> };

export const understand = (selection: Selection, compare: Stretch | null, signal?: AbortSignal) =>
  ask<Understanding>("POST", "/api/questions/understanding", { selection, compare }, signal);

function written(query: object): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) params.set(key, String(value));
  const text = params.toString();
  return text && `?${text}`;
}

/** Asks for an address by its name; throws a `Problem` for an answer that is not good. */
export async function ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const request = new Request(new URL(path, location.origin), {
    method,
    signal,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: body === undefined ? {} : { "content-type": "application/json" },
  });
  const response = await send(request);
  const text = await response.text();
  const read = text === "" ? undefined : (JSON.parse(text) as unknown);
  if (!response.ok) throw problemOf(response, read);
  return read as T;
}
