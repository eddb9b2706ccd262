import { send } from "./client";
import { problemOf } from "./problem";
import type { Dialect, List, ListDraft, QueryCheck, QueryEffects, QueryImport, QueryLanguage } from "./query-types";

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await send(
    new Request(new URL(path, location.origin), {
      method,
      signal,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    }),
  );
  const text = await response.text();
  const parsed: unknown = text === "" ? undefined : JSON.parse(text);
  if (!response.ok) throw problemOf(response, parsed);
  return parsed as T;
}

export const checkQuery = (query: string, signal?: AbortSignal) =>
  call<QueryCheck>("POST", "/api/queries/check", { query }, signal);
export const queryEffects = (query: string, signal?: AbortSignal) =>
  call<QueryEffects>("POST", "/api/queries/effects", { query }, signal);
export const formatQuery = (query: string) => call<{ query: string }>("POST", "/api/queries/format", { query });
export const importQuery = (query: string, dialect: Dialect, signal?: AbortSignal) =>
  call<QueryImport>("POST", "/api/queries/import", { query, dialect }, signal);
export const queryLanguage = () => call<QueryLanguage>("GET", "/api/queries/language");

export const listLists = async () => (await call<{ items: List[] }>("GET", "/api/lists")).items;
export const getList = (id: string) => call<List>("GET", `/api/lists/${id}`);
export const createList = (body: ListDraft) => call<List>("POST", "/api/lists", body);
export const updateList = (id: string, body: ListDraft & { version: number }) =>
  call<List>("PUT", `/api/lists/${id}`, body);
export const deleteList = (id: string) => call<void>("DELETE", `/api/lists/${id}`);
