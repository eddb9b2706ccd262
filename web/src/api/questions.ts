import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { AnnotationDraft, Stretch, Unit } from "~/lib/questions/shapes";
import { choiceKey, type Selection } from "~/lib/selection";
import { localePreference } from "~/state/preferences";
import { countSearch } from "./archive";
import { answer, client } from "./client";
import type { components } from "./schema.gen";

type Schemas = components["schemas"];

/** An address may hold any text in its lists; the server says which it does not know. */
const asked = (selection: Selection) => selection as Schemas["Selection"];

/** Figures of the past change little; what is on the screen stays until it is asked for anew. */
const KEPT = { staleTime: 60_000, placeholderData: keepPreviousData } as const;

export const volumeQuery = (selection: Selection, compare: Stretch | null) =>
  queryOptions({
    queryKey: ["questions", "volume", choiceKey(selection), compare],
    queryFn: ({ signal }) =>
      answer(client.POST("/api/questions/volume", { body: { selection: asked(selection), compare }, signal })),
    ...KEPT,
  });

export const rhythmQuery = (selection: Selection, compare: Stretch | null, unit: Unit | undefined) =>
  queryOptions({
    queryKey: ["questions", "rhythm", choiceKey(selection), compare, unit],
    queryFn: ({ signal }) =>
      answer(client.POST("/api/questions/rhythm", { body: { selection: asked(selection), compare, unit }, signal })),
    ...KEPT,
  });

export const placesQuery = (selection: Selection, limit: number) =>
  queryOptions({
    queryKey: ["questions", "places", choiceKey(selection), limit],
    queryFn: ({ signal }) =>
      answer(client.POST("/api/questions/places", { body: { selection: asked(selection), limit }, signal })),
    ...KEPT,
  });

export const authorsQuery = (selection: Selection, limit: number) =>
  queryOptions({
    queryKey: ["questions", "authors", choiceKey(selection), limit],
    queryFn: ({ signal }) =>
      answer(client.POST("/api/questions/authors", { body: { selection: asked(selection), limit }, signal })),
    ...KEPT,
  });

export const wordsQuery = (selection: Selection, baseline: Stretch | null, limit: number) =>
  queryOptions({
    queryKey: ["questions", "words", choiceKey(selection), baseline, limit],
    queryFn: ({ signal }) =>
      answer(client.POST("/api/questions/words", { body: { selection: asked(selection), baseline, limit }, signal })),
    ...KEPT,
  });

export const understandingQuery = (selection: Selection, compare: Stretch | null) =>
  queryOptions({
    queryKey: ["questions", "understanding", choiceKey(selection), compare],
    queryFn: ({ signal }) =>
      answer(client.POST("/api/questions/understanding", { body: { selection: asked(selection), compare }, signal })),
    ...KEPT,
  });

/** Its reasons are sentences in the reader's language. */
export const trustQuery = (selection: Selection) =>
  queryOptions({
    queryKey: ["questions", "trust", choiceKey(selection), localePreference.get()],
    queryFn: ({ signal }) =>
      answer(client.POST("/api/questions/trust", { body: { selection: asked(selection) }, signal })),
    ...KEPT,
  });

/** What every figure means, in the reader's language. */
export const figuresQuery = () =>
  queryOptions({
    queryKey: ["figures", localePreference.get()],
    queryFn: async () => (await answer(client.GET("/api/figures"))).items,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const annotationsQuery = (period: Partial<Stretch>) =>
  queryOptions({
    queryKey: ["annotations", period.from, period.to],
    queryFn: async () => {
      const query = { from: period.from, to: period.to };
      return (await answer(client.GET("/api/annotations", { params: { query } }))).items;
    },
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });

export const createAnnotation = (body: AnnotationDraft) => answer(client.POST("/api/annotations", { body }));
export const updateAnnotation = (id: string, body: AnnotationDraft) =>
  answer(client.PUT("/api/annotations/{id}", { params: { path: { id } }, body }));
export const deleteAnnotation = (id: string) =>
  answer(client.DELETE("/api/annotations/{id}", { params: { path: { id } } }));

export type ExportDraft = Omit<Schemas["ExportRequest"], "selection"> & { selection: Selection };

/** A file of the rows of a chart, to be fetched from the address of the ticket. */
export const createExport = ({ selection, ...draft }: ExportDraft) =>
  answer(client.POST("/api/exports", { body: { ...draft, selection: asked(selection) } }));

export const countQuery = (selection: Selection) =>
  queryOptions({
    queryKey: ["questions", "count", choiceKey(selection)],
    queryFn: async ({ signal }) => (await countSearch(selection, signal)).count,
    staleTime: 60_000,
  });
