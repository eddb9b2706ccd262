import { answer, client } from "./client";
import type { components, operations } from "./schema.gen";

type Schemas = components["schemas"];
const path = (id: string) => ({ params: { path: { id } } });

export const getSetup = () => answer(client.GET("/api/setup"));
export const createOwner = (body: Schemas["NewOwner"]) => answer(client.POST("/api/setup", { body }));

export const getSession = () => answer(client.GET("/api/session"));
export const signIn = (body: Schemas["Credentials"]) => answer(client.POST("/api/session", { body }));
export const signOut = () => answer(client.DELETE("/api/session"));
export const updateMe = (body: Schemas["MeChange"]) => answer(client.PATCH("/api/session", { body }));

export const listTopics = async () => (await answer(client.GET("/api/topics"))).items;
export const getTopic = (id: string) => answer(client.GET("/api/topics/{id}", path(id)));
export const createTopic = (body: Schemas["NewTopic"]) => answer(client.POST("/api/topics", { body }));
export const updateTopic = (id: string, body: Schemas["TopicDraft"]) =>
  answer(client.PUT("/api/topics/{id}", { ...path(id), body }));
export const deleteTopic = (id: string) => answer(client.DELETE("/api/topics/{id}", path(id)));
export const backfillTopic = (id: string) => answer(client.POST("/api/topics/{id}/backfill", path(id)));

export const checkQuery = (query: string, scope: Schemas["QueryScope"], signal?: AbortSignal) =>
  answer(client.POST("/api/queries/check", { body: { query, scope }, signal }));
export const queryEffects = (query: string, signal?: AbortSignal) =>
  answer(client.POST("/api/queries/effects", { body: { query }, signal }));
export const formatQuery = (query: string) => answer(client.POST("/api/queries/format", { body: { query } }));
export const importQuery = (body: Schemas["ImportRequest"], signal?: AbortSignal) =>
  answer(client.POST("/api/queries/import", { body, signal }));
export const queryLanguage = () => answer(client.GET("/api/queries/language"));
export const previewQuery = (query: string, limit: number, signal?: AbortSignal) =>
  answer(client.POST("/api/queries/preview", { body: { query, limit }, signal }));
export const suggestQuery = (brand: string, signal?: AbortSignal) =>
  answer(client.POST("/api/queries/suggest", { body: { brand }, signal }));

export const listLists = async () => (await answer(client.GET("/api/lists"))).items;
export const getList = (id: string) => answer(client.GET("/api/lists/{id}", path(id)));
export const createList = (body: Schemas["NewList"]) => answer(client.POST("/api/lists", { body }));
export const updateList = (id: string, body: Schemas["ListDraft"]) =>
  answer(client.PUT("/api/lists/{id}", { ...path(id), body }));
export const deleteList = (id: string) => answer(client.DELETE("/api/lists/{id}", path(id)));

export type MentionQuery = NonNullable<operations["listMentions"]["parameters"]["query"]>;

export const listMentions = (query: MentionQuery, signal?: AbortSignal) =>
  answer(client.GET("/api/mentions", { params: { query }, signal }));
export const countMentions = (query: MentionQuery, signal?: AbortSignal) =>
  answer(client.GET("/api/mentions/count", { params: { query }, signal }));
export const getMention = (id: string) => answer(client.GET("/api/mentions/{id}", path(id)));
export const explainMention = (id: string) => answer(client.GET("/api/mentions/{id}/explanation", path(id)));
export const listCopies = async (id: string) => (await answer(client.GET("/api/mentions/{id}/copies", path(id)))).items;
export const listVersions = async (id: string) =>
  (await answer(client.GET("/api/mentions/{id}/versions", path(id)))).items;
export const changeMentions = async (body: Schemas["MentionChange"]) =>
  (await answer(client.PATCH("/api/mentions", { body }))).items;
export const listTags = async () => (await answer(client.GET("/api/tags"))).items;

export const listConnectors = async () => (await answer(client.GET("/api/connectors"))).items;
export const listSources = async () => (await answer(client.GET("/api/sources"))).items;
export const getSource = (id: string) => answer(client.GET("/api/sources/{id}", path(id)));
export const createSource = (body: Schemas["SourceDraft"]) => answer(client.POST("/api/sources", { body }));
export const updateSource = (id: string, body: Schemas["SourceDraft"]) =>
  answer(client.PUT("/api/sources/{id}", { ...path(id), body }));
export const testSource = (body: Schemas["SourceDraft"]) => answer(client.POST("/api/sources/test", { body }));
export const deleteSource = (id: string) => answer(client.DELETE("/api/sources/{id}", path(id)));
export const pauseSource = (id: string) => answer(client.POST("/api/sources/{id}/pause", path(id)));
export const resumeSource = (id: string) => answer(client.POST("/api/sources/{id}/resume", path(id)));
export const getSourceLedger = (id: string) => answer(client.GET("/api/sources/{id}/ledger", path(id)));
export const getSourceSearch = (id: string) => answer(client.GET("/api/sources/{id}/search", path(id)));
export const getSourceWebhook = (id: string) => answer(client.GET("/api/sources/{id}/webhook", path(id)));
export const renewSourceWebhook = (id: string) => answer(client.POST("/api/sources/{id}/webhook", path(id)));
export const getLedger = () => answer(client.GET("/api/ledger"));

export const listTokens = async () => (await answer(client.GET("/api/tokens"))).items;
export const createToken = (body: Schemas["NewToken"]) => answer(client.POST("/api/tokens", { body }));
export const revokeToken = (id: string) => answer(client.DELETE("/api/tokens/{id}", path(id)));
