import { queryOptions } from "@tanstack/react-query";
import { send } from "./client";
import { problemOf } from "./problem";
import type { JudgementKind } from "./types";

/** The API's part of the workspace's own model: how good it is, what it learnt from, what it was before. */

export type Head = JudgementKind | "relevance";

export interface Score {
  head: Head;
  /** Absent: all languages together. */
  language: string | null;
  topic_id: string | null;
  /** `macro_f1`, `accuracy`, … as the server names it. */
  metric: string;
  /** Of the shipped model and of this one, 0 to 1, on examples neither has seen. */
  before: number | null;
  after: number | null;
  low: number | null;
  high: number | null;
  examples: number;
}

export type ModelState = "active" | "candidate" | "refused" | "retired";

export interface PastModel {
  id: string;
  created_at: string;
  state: ModelState;
  /** Why it was taken or refused, in the reader's language. */
  reason: string | null;
  before: number | null;
  after: number | null;
}

export interface DriftWeek {
  week: string;
  negative: number;
  neutral: number;
  positive: number;
  /** Mentions that the model is not sure of. */
  unsure: number;
}

export interface ModelPage {
  active: {
    /** `0`: the shipped one. */
    id: string;
    version: string;
    trained_at: string | null;
    base: { version: string; manifest: unknown };
  };
  /** What people have labelled, by kind. */
  labels: Partial<Record<string, number>>;
  scores: Score[];
  /** Rows: what people said; columns: what the model said; negative, neutral, positive. */
  confusion: number[][] | null;
  drift: { weeks: DriftWeek[] };
  judged: { done: number; total: number };
  history: PastModel[];
  training: { done: number; total: number } | null;
}

/** While it trains or reads what came before it, it is looked at often. */
const BUSY_MS = 2_000;
const QUIET_MS = 30_000;

export const modelQuery = queryOptions({
  queryKey: ["model"],
  queryFn: () => ask<ModelPage>("GET", "/api/model"),
  refetchInterval: (query) => {
    const data = query.state.data;
    return data && (data.training || data.judged.done < data.judged.total) ? BUSY_MS : QUIET_MS;
  },
});

export const trainModel = () => ask<unknown>("POST", "/api/model/train");
export const activateModel = (id: string) => ask<unknown>("POST", `/api/model/${id}/activate`);

/** Asks for an address by its name; throws a `Problem` for an answer that is not good. */
async function ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
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
