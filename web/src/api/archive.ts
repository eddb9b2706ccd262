import type { Include, ListName, Selection } from "~/lib/selection";
import { send } from "./client";
import { problemOf } from "./problem";
import type { Mention, MentionState, Span, Tone } from "./types";

/** The archive's part of the API. The shapes stand here until the OpenAPI document has them. */
export interface Progress {
  done: number;
  total: number;
}

/** What every figure says about itself: how far the archive is filled, and which months are damaged. */
export interface Completeness {
  incomplete: Progress | null;
  missing: string[];
}

export type SearchOrder = "newest" | "oldest" | "reach" | "relevance";
export type FoundMention = Mention & { found?: Span[] };
export interface FoundPage extends Completeness {
  items: FoundMention[];
  next_cursor: string | null;
}
export interface FoundCount extends Completeness {
  count: number;
}
export interface FacetValue {
  value: string;
  label: string;
  mentions: number;
}
export interface FacetCounts {
  facet: ListName;
  values: FacetValue[];
  distinct: number;
  others: number;
  without: number;
}
export interface FoundFacets extends Completeness {
  count: number;
  facets: FacetCounts[];
}
export type TimeUnit = "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year";
export interface TimeBucket {
  from: string;
  to: string;
  mentions: number;
}
export interface Timeline extends Completeness {
  unit: TimeUnit;
  time_zone: string;
  buckets: TimeBucket[];
}
export interface FoundChange {
  state?: MentionState;
  tone?: Tone | null;
  add_tags?: string[];
  remove_tags?: string[];
}
export interface View {
  id: string;
  name: string;
  page: "search" | "questions";
  address: string;
  shared: boolean;
  owner: { id: string; name: string };
  mine: boolean;
  created_at: string;
  updated_at: string;
}
export type ViewDraft = Pick<View, "name" | "page" | "address" | "shared">;
export interface Workspace {
  id: string;
  name: string;
  time_zone: string;
}
export interface ArchiveStatus {
  mentions: number;
  events_behind: number;
  lag_seconds: number | null;
  filling: Progress | null;
  rebuilding: Progress | null;
  damaged: { month: string; reason: string }[];
}
export interface ExportTicket {
  id: string;
  url: string;
  file_name: string;
  rows: number | null;
}
export type ExportFormat = "csv" | "xlsx" | "jsonl" | "parquet";
export interface TrustGap {
  source: string;
  from: string;
  to: string | null;
  cause: string;
}

export const searchMentions = (
  body: { selection: Selection; order: SearchOrder; cursor?: string; limit: number },
  signal?: AbortSignal,
) => ask<FoundPage>("POST", "/api/search", body, signal);
export const countSearch = (selection: Selection, signal?: AbortSignal) =>
  ask<FoundCount>("POST", "/api/search/count", { selection }, signal);
export const searchFacets = (body: { selection: Selection; facets: ListName[]; limit: number }, signal?: AbortSignal) =>
  ask<FoundFacets>("POST", "/api/search/facets", body, signal);
export const searchTimeline = (selection: Selection, signal?: AbortSignal) =>
  ask<Timeline>("POST", "/api/search/timeline", { selection }, signal);
export const changeFound = (body: { selection: Selection; change: FoundChange; expected: number }) =>
  ask<{ changed: number }>("POST", "/api/search/change", body);
export const similarMentions = async (id: string) =>
  (await ask<{ items: Mention[] }>("GET", `/api/mentions/${encodeURIComponent(id)}/similar`)).items;

export const listViews = async () => (await ask<{ items: View[] }>("GET", "/api/views")).items;
export const createView = (body: ViewDraft) => ask<View>("POST", "/api/views", body);
export const updateView = (id: string, body: ViewDraft) =>
  ask<View>("PUT", `/api/views/${encodeURIComponent(id)}`, body);
export const deleteView = (id: string) => ask<void>("DELETE", `/api/views/${encodeURIComponent(id)}`);

export const updateWorkspace = (body: { name?: string; time_zone?: string }) =>
  ask<Workspace>("PATCH", "/api/workspace", body);
export const getArchive = () => ask<ArchiveStatus>("GET", "/api/archive");
export const rebuildArchive = () => ask<void>("POST", "/api/archive/rebuild");

export const createExport = (body: { what: "mentions"; selection: Selection; format: ExportFormat }) =>
  ask<ExportTicket>("POST", "/api/exports", body);

export const askGaps = async (selection: Selection, signal?: AbortSignal) =>
  (await ask<{ gaps: TrustGap[] }>("POST", "/api/questions/trust", { selection }, signal)).gaps;

export type { Include };

async function ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const request = new Request(new URL(path, location.origin), {
    method,
    signal,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const response = await send(request);
  const data: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw problemOf(response, data);
  return data as T;
}
