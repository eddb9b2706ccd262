import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type {
  Annotation,
  Authors,
  Figure,
  Places,
  Rhythm,
  Stretch,
  Trust,
  Unit,
  Volume,
  Words,
} from "~/lib/questions/shapes";
import { choiceKey, type Selection } from "~/lib/selection";
import { localePreference } from "~/state/preferences";
import { answer, client } from "./client";

// Until the OpenAPI document names these endpoints they are called by the shapes of `lib/questions/shapes.ts`.
// biome-ignore lint/suspicious/noExplicitAny: the generated paths do not hold them yet
const untyped = client as any;
const post = <T>(path: string, body: object, signal?: AbortSignal): Promise<T> =>
  answer<T>(untyped.POST(path, { body, signal }));

/** Figures of the past change little; what is on the screen stays until it is asked for anew. */
const KEPT = { staleTime: 60_000, placeholderData: keepPreviousData } as const;

export const volumeQuery = (selection: Selection, compare: Stretch | null) =>
  queryOptions({
    queryKey: ["questions", "volume", choiceKey(selection), compare],
    queryFn: ({ signal }) => post<Volume>("/api/questions/volume", { selection, compare }, signal),
    ...KEPT,
  });

export const rhythmQuery = (selection: Selection, compare: Stretch | null, unit: Unit | undefined) =>
  queryOptions({
    queryKey: ["questions", "rhythm", choiceKey(selection), compare, unit],
    queryFn: ({ signal }) => post<Rhythm>("/api/questions/rhythm", { selection, compare, unit }, signal),
    ...KEPT,
  });

export const placesQuery = (selection: Selection, limit: number) =>
  queryOptions({
    queryKey: ["questions", "places", choiceKey(selection), limit],
    queryFn: ({ signal }) => post<Places>("/api/questions/places", { selection, limit }, signal),
    ...KEPT,
  });

export const authorsQuery = (selection: Selection, limit: number) =>
  queryOptions({
    queryKey: ["questions", "authors", choiceKey(selection), limit],
    queryFn: ({ signal }) => post<Authors>("/api/questions/authors", { selection, limit }, signal),
    ...KEPT,
  });

export const wordsQuery = (selection: Selection, baseline: Stretch | null, limit: number) =>
  queryOptions({
    queryKey: ["questions", "words", choiceKey(selection), baseline, limit],
    queryFn: ({ signal }) =>
      post<Words>("/api/questions/words", { selection, limit, ...(baseline ? { baseline } : {}) }, signal),
    ...KEPT,
  });

export const trustQuery = (selection: Selection) =>
  queryOptions({
    queryKey: ["questions", "trust", choiceKey(selection), localePreference.get()],
    queryFn: ({ signal }) => post<Trust>("/api/questions/trust", { selection }, signal),
    ...KEPT,
  });

/** What every figure means, in the reader's language. */
export const figuresQuery = () =>
  queryOptions({
    queryKey: ["figures", localePreference.get()],
    queryFn: async () => (await answer<{ items: Figure[] }>(untyped.GET("/api/figures"))).items,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const annotationsQuery = (period: Partial<Stretch>, topic: string[] | undefined) =>
  queryOptions({
    queryKey: ["annotations", period.from, period.to, topic],
    queryFn: async () => {
      const query = { from: period.from, to: period.to, topic };
      return (await answer<{ items: Annotation[] }>(untyped.GET("/api/annotations", { params: { query } }))).items;
    },
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });

export interface AnnotationDraft {
  at: string;
  until: string | null;
  text: string;
  topic_id: string | null;
}

export const createAnnotation = (body: AnnotationDraft) => post<Annotation>("/api/annotations", body);
export const updateAnnotation = (id: string, body: AnnotationDraft) =>
  answer<Annotation>(untyped.PUT("/api/annotations/{id}", { params: { path: { id } }, body }));
export const deleteAnnotation = (id: string) =>
  answer<void>(untyped.DELETE("/api/annotations/{id}", { params: { path: { id } } }));

export interface ExportDraft {
  what: "mentions" | "rhythm" | "places" | "authors" | "words" | "volume";
  selection: Selection;
  format: "csv" | "xlsx" | "jsonl" | "parquet";
  unit?: Unit;
  compare?: Stretch | null;
}

export const createExport = (body: ExportDraft) =>
  post<{ id: string; url: string; file_name: string; rows: number | null }>("/api/exports", body);

export const countQuery = (selection: Selection) =>
  queryOptions({
    queryKey: ["questions", "count", choiceKey(selection)],
    queryFn: async ({ signal }) => (await post<{ count: number }>("/api/search/count", { selection }, signal)).count,
    staleTime: 60_000,
  });
