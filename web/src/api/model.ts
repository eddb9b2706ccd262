import { queryOptions } from "@tanstack/react-query";
import { send } from "./client";
import { problemOf } from "./problem";
import type { components } from "./schema.gen";

type Schemas = components["schemas"];

/** The API's part of the workspace's own model: how good it is, what it learnt from, what it was before. */

export type Head = Schemas["ModelHead"];
export type Score = Schemas["ModelScore"];
export type ModelState = Schemas["ModelState"];
export type PastModel = Schemas["PastModel"];
export type DriftWeek = Schemas["DriftWeek"];
export type ModelPage = Schemas["ModelPage"];

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
