import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { components } from "./schema.gen";

/** The workspace's own model: how good it is, what it learnt from, what it was before. */
type Schemas = components["schemas"];

export type ModelPage = Schemas["ModelPage"];
export type Score = ModelPage["scores"][number];
export type Head = Score["head"];
export type PastModel = ModelPage["history"][number];
export type ModelState = PastModel["state"];
export type DriftWeek = ModelPage["drift"]["weeks"][number];

/** While it trains or reads what came before it, it is looked at often. */
const BUSY_MS = 2_000;
const QUIET_MS = 30_000;

export const modelQuery = queryOptions({
  queryKey: ["model"],
  queryFn: () => answer(client.GET("/api/model")),
  refetchInterval: (query) => {
    const data = query.state.data;
    return data && (data.training || data.judged.done < data.judged.total) ? BUSY_MS : QUIET_MS;
  },
});

export const trainModel = () => answer(client.POST("/api/model/train"));
export const activateModel = (id: string) =>
  answer(client.POST("/api/model/{id}/activate", { params: { path: { id } } }));
