import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { components } from "./schema.gen";

/** The labelling game: a blind, random sample of a week that people judge. */
type Schemas = components["schemas"];

/** How far the week is; its round is absent where there is nothing to draw from. */
export type Labelling = Schemas["Labelling"];
export type Round = Schemas["Round"];
/** A mention to be labelled; nothing of what the machine or others think of it. */
export type ToLabel = Schemas["ToLabel"];
export type LabelAnswer = Schemas["LabelAnswer"];

export const labellingQuery = queryOptions({
  queryKey: ["labelling"],
  queryFn: () => answer(client.GET("/api/labelling")),
  staleTime: 30_000,
});

const of = (audit_id: string) => ({ params: { path: { audit_id } } });

export const nextToLabel = () => answer(client.GET("/api/labelling/next"));
export const answerLabel = (id: string, body: LabelAnswer) =>
  answer(client.POST("/api/labelling/{audit_id}", { ...of(id), body }));
export const undoLabel = (id: string) => answer(client.DELETE("/api/labelling/{audit_id}", of(id)));
/** Draws the newest week that nobody has labelled yet. */
export const drawMoreToLabel = () => answer(client.POST("/api/labelling"));
