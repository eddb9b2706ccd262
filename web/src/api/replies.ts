import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, client, send } from "./client";
import type { components } from "./schema.gen";
import type { Connector, Setting } from "./types";

/** Accounts, and what we say from them. */
type Schemas = components["schemas"];

export type Account = Schemas["NetworkAccount"];
export type AccountState = Account["state"];
export type AccountHolder = Schemas["AccountHolder"];
export type AccountChange = Schemas["AccountPatch"];
export type AccountTest = Schemas["AccountTest"];
export type LengthRule = Schemas["LengthRule"];
export type Visibility = Schemas["ReplyVisibility"];
export type Reply = Schemas["Reply"];
export type ReplyState = Reply["state"];
export type Attachment = Schemas["Attachment"];
export type AttachmentRule = Schemas["AttachmentRule"];
/** What stands in a thread: what somebody said, or what we answered. */
export type ThreadEntry = Schemas["ThreadEntry"];
export type NewReply = Schemas["ReplyDraft"];
export type ReplyChange = Schemas["ReplyPatch"];
export type ReplyOptions = Schemas["ReplyOptions"];
export type ReplyOption = Schemas["AccountOption"];
/** What is typed into the form of an account. */
export type AccountDraft = Required<Omit<Schemas["AccountDraft"], "consent">> &
  Pick<Schemas["AccountDraft"], "consent">;

/** How an account of the network is connected; `null` where the network cannot be answered. */
export const replySettings = (connector: Connector): Setting[] | null => connector.reply_settings;

const of = (id: string) => ({ params: { path: { id } } });

const listAccounts = async () => (await answer(client.GET("/api/accounts"))).items;
export const createAccount = (body: AccountDraft) => answer(client.POST("/api/accounts", { body }));
export const testAccount = (body: AccountDraft) => answer(client.POST("/api/accounts/test", { body }));
export const updateAccount = (id: string, body: AccountChange) =>
  answer(client.PATCH("/api/accounts/{id}", { ...of(id), body }));
export const disconnectAccount = (id: string) => answer(client.DELETE("/api/accounts/{id}", of(id)));
export const probeAccount = (id: string) => answer(client.POST("/api/accounts/{id}/probe", of(id)));

/** The key makes a second try of the same words the same reply. */
export const createReply = (mention: string, body: NewReply, key: string) =>
  answer(
    client.POST("/api/mentions/{id}/replies", {
      params: { path: { id: mention }, header: { "Idempotency-Key": key } },
      body,
    }),
  );
/** Keeps a file for a reply that is being written. */
export async function createAttachment(file: File): Promise<Attachment> {
  const address = `/api/attachments?name=${encodeURIComponent(file.name)}`;
  const headers = { "content-type": "application/octet-stream" };
  const response = await send(new Request(address, { method: "POST", headers, body: file }));
  const body: unknown = await response.json().catch(() => undefined);
  return answer(Promise.resolve({ data: body as Attachment, error: body, response }));
}
export const deleteAttachment = (id: string) => answer(client.DELETE("/api/attachments/{id}", of(id)));
export const attachmentAddress = (id: string): string => `/api/attachments/${encodeURIComponent(id)}`;
export const updateReply = (id: string, body: ReplyChange) =>
  answer(client.PATCH("/api/replies/{id}", { ...of(id), body }));
export const cancelReply = (id: string) => answer(client.POST("/api/replies/{id}/cancel", of(id)));
export const approveReply = (id: string) => answer(client.POST("/api/replies/{id}/approve", of(id)));
export const sendReplyAgain = (id: string) => answer(client.POST("/api/replies/{id}/send-again", of(id)));

export const accountsQuery = queryOptions({ queryKey: ["accounts"], queryFn: listAccounts, staleTime: 10_000 });

export const replyOptionsQuery = (mention: string) =>
  queryOptions({
    queryKey: ["reply-options", mention],
    queryFn: () => answer(client.GET("/api/mentions/{id}/reply-options", of(mention))),
    staleTime: 60_000,
  });

/** States that pass by themselves: they are looked at even when no event comes. */
const PASSING: ReplyState[] = ["waiting", "sending", "unsure", "retrying"];
const PASSING_MS = 10_000;
const anyPasses = (replies: readonly Reply[] | undefined) => replies?.some(({ state }) => PASSING.includes(state));

export const mentionRepliesQuery = (mention: string) =>
  queryOptions({
    queryKey: ["replies", "of", mention],
    queryFn: async () => (await answer(client.GET("/api/mentions/{id}/replies", of(mention)))).items,
    staleTime: 5_000,
    refetchInterval: (query) => (anyPasses(query.state.data) ? PASSING_MS : false),
  });

/** Answers come in by listening: an open thread is looked at even when no event tells of it. */
const THREAD_MS = 15_000;

export const threadQuery = (mention: string) =>
  queryOptions({
    queryKey: ["replies", "thread", mention],
    queryFn: async () => (await answer(client.GET("/api/mentions/{id}/thread", of(mention)))).items,
    staleTime: 5_000,
    refetchInterval: THREAD_MS,
  });

export const outboxQuery = (states: readonly ReplyState[]) =>
  infiniteQueryOptions({
    queryKey: ["replies", "outbox", ...states],
    queryFn: ({ pageParam }) => {
      const cursor = pageParam === null ? {} : { cursor: pageParam };
      return answer(client.GET("/api/replies", { params: { query: { state: [...states], limit: 50, ...cursor } } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 5_000,
  });
