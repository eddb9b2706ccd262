import { answer, client } from "./client";
import type {
  ApiToken,
  Connector,
  CreatedSource,
  Ledger,
  Me,
  Mention,
  MentionChange,
  MentionPage,
  Preview,
  QueryCheck,
  Scope,
  Source,
  SourceDraft,
  SourceLedger,
  Suggestion,
  Topic,
  TopicDraft,
} from "./types";

type Items<T> = { items: T[] };
const path = (id: string) => ({ params: { path: { id } } });

export const getSetup = () => answer<{ needed: boolean; version: string }>(client.GET("/api/setup"));
export const createOwner = (body: { secret: string; name: string; login: string; password: string; locale: string }) =>
  answer<Me>(client.POST("/api/setup", { body }));

export const getSession = () => answer<Me>(client.GET("/api/session"));
export const signIn = (body: { login: string; password: string }) => answer<Me>(client.POST("/api/session", { body }));
export const signOut = () => answer<void>(client.DELETE("/api/session"));
export const updateMe = (body: { locale?: string }) => answer<Me>(client.PATCH("/api/session", { body }));

export const listTopics = async () => (await answer<Items<Topic>>(client.GET("/api/topics"))).items;
export const getTopic = (id: string) => answer<Topic>(client.GET("/api/topics/{id}", path(id)));
export const createTopic = (body: TopicDraft & { backfill?: boolean }) =>
  answer<Topic>(client.POST("/api/topics", { body }));
export const updateTopic = (id: string, body: TopicDraft) =>
  answer<Topic>(client.PUT("/api/topics/{id}", { ...path(id), body }));
export const deleteTopic = (id: string) => answer<void>(client.DELETE("/api/topics/{id}", path(id)));
export const backfillTopic = (id: string) =>
  answer<{ added: number }>(client.POST("/api/topics/{id}/backfill", path(id)));

export const checkQuery = (query: string, signal?: AbortSignal) =>
  answer<QueryCheck>(client.POST("/api/queries/check", { body: { query }, signal }));
export const previewQuery = (query: string, limit: number, signal?: AbortSignal) =>
  answer<Preview>(client.POST("/api/queries/preview", { body: { query, limit }, signal }));
export const suggestQuery = (brand: string, signal?: AbortSignal) =>
  answer<Suggestion>(client.POST("/api/queries/suggest", { body: { brand }, signal }));

export type MentionQuery = Record<string, string | string[] | boolean | number | undefined>;

export const listMentions = (query: MentionQuery, signal?: AbortSignal) =>
  answer<MentionPage>(client.GET("/api/mentions", { params: { query }, signal }));
export const countMentions = (query: MentionQuery, signal?: AbortSignal) =>
  answer<{ count: number; at_most: boolean }>(client.GET("/api/mentions/count", { params: { query }, signal }));
export const getMention = (id: string) => answer<Mention>(client.GET("/api/mentions/{id}", path(id)));
export const listCopies = async (id: string) =>
  (await answer<Items<Mention>>(client.GET("/api/mentions/{id}/copies", path(id)))).items;
export const changeMentions = async (body: MentionChange) =>
  (await answer<Items<Mention>>(client.PATCH("/api/mentions", { body }))).items;
export const listTags = async () =>
  (await answer<Items<{ tag: string; count: number }>>(client.GET("/api/tags"))).items;

export const listConnectors = async () => (await answer<Items<Connector>>(client.GET("/api/connectors"))).items;
export const listSources = async () => (await answer<Items<Source>>(client.GET("/api/sources"))).items;
export const getSource = (id: string) => answer<Source>(client.GET("/api/sources/{id}", path(id)));
export const createSource = (body: SourceDraft) => answer<CreatedSource>(client.POST("/api/sources", { body }));
export const updateSource = (id: string, body: SourceDraft) =>
  answer<Source>(client.PUT("/api/sources/{id}", { ...path(id), body }));
export const testSource = (body: SourceDraft) =>
  answer<{ ok: boolean; message: string; code?: string | null }>(client.POST("/api/sources/test", { body }));
export const deleteSource = (id: string) => answer<void>(client.DELETE("/api/sources/{id}", path(id)));
export const pauseSource = (id: string) => answer<Source>(client.POST("/api/sources/{id}/pause", path(id)));
export const resumeSource = (id: string) => answer<Source>(client.POST("/api/sources/{id}/resume", path(id)));
export const getSourceLedger = (id: string) => answer<SourceLedger>(client.GET("/api/sources/{id}/ledger", path(id)));
export const getLedger = () => answer<Ledger>(client.GET("/api/ledger"));

export const listTokens = async () => (await answer<Items<ApiToken>>(client.GET("/api/tokens"))).items;
export const createToken = (body: { name: string; scopes: Scope[] }) =>
  answer<{ token: ApiToken; secret: string }>(client.POST("/api/tokens", { body }));
export const revokeToken = (id: string) => answer<void>(client.DELETE("/api/tokens/{id}", path(id)));
