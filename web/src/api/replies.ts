import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { send } from "./client";
import { Problem, problemOf } from "./problem";
import type { Connector, Setting } from "./types";

/** Accounts, and what we say from them. */
export type AccountState = "connected" | "expired" | "revoked" | "disconnected";
export type LengthUnit = "graphemes" | "characters" | "utf16" | "weighted";
export type Visibility = "public" | "private";
export type ReplyState =
  | "awaiting_approval"
  | "waiting"
  | "sending"
  | "unsure"
  | "sent"
  | "retrying"
  | "refused"
  | "cancelled";

export interface LengthRule {
  limit: number;
  unit: LengthUnit;
  /** A second limit, in bytes of UTF-8. */
  bytes: number | null;
  /** A web address counts as so many, however long it is. */
  url_counts: number | null;
  /** `@user@server` counts as `@user`. */
  short_handles: boolean;
}

export interface ReplyRule {
  length: LengthRule;
  /** At least one; the first is proposed. */
  visibilities: Visibility[];
}

export type Holder =
  | { kind: "company" }
  | { kind: "employee"; user: { id: string; name: string }; consent_at: string | null };

export interface Trouble {
  code: string;
  message: string;
  advice: string | null;
}

export interface AccountFacts {
  handle: string;
  name: string | null;
  url: string | null;
  scopes: string[];
  missing: string | null;
  expires_at: string | null;
  quota: { limit: number; remaining: number; resets_at: string | null } | null;
  rule: ReplyRule;
}

export interface Account {
  id: string;
  connector: string;
  name: string;
  holder: Holder;
  settings: Record<string, string>;
  secret_keys: string[];
  state: AccountState;
  expiring: boolean;
  needs_approval: boolean;
  facts: AccountFacts | null;
  checked_at: string | null;
  problem: Trouble | null;
  created_at: string;
}

export interface AccountDraft {
  connector: string;
  name: string;
  settings: Record<string, string>;
  secrets: Record<string, string>;
  holder: "company" | "me";
  consent?: true;
  needs_approval: boolean;
}

export interface AccountChange {
  name?: string;
  secrets?: Record<string, string>;
  needs_approval?: boolean;
}

export interface AccountTest {
  ok: boolean;
  message: string;
  code: string | null;
  advice: string | null;
  facts: AccountFacts | null;
}

export interface ReplyOption {
  account: { id: string; connector: string; name: string; handle: string; holder: Holder };
  rule: ReplyRule;
  needs_approval: boolean;
  /** What the text has to begin with so that its addressee is told. */
  greeting: string | null;
  /** Why it may not; `null` when it may. */
  may: { code: string; message: string } | null;
}

export interface ReplyOptions {
  can_answer: boolean;
  original_url: string | null;
  why_not: { code: string; message: string } | null;
  undo_seconds: number;
  accounts: ReplyOption[];
}

export interface Reply {
  id: string;
  mention_id: string;
  account: { id: string; connector: string; name: string; handle: string };
  visibility: Visibility;
  text: string;
  state: ReplyState;
  send_after: string;
  attempts: number;
  next_attempt_at: string | null;
  url: string | null;
  problem: Trouble | null;
  written_by: { id: string; name: string };
  approved_by: { id: string; name: string } | null;
  created_at: string;
  sent_at: string | null;
  may: { change: boolean; cancel: boolean; approve: boolean; send_again: boolean };
}

/** A reply in the outbox names what it answers. */
export interface OutboxReply extends Reply {
  mention: { id: string; excerpt: string; url: string | null };
}

export interface NewReply {
  account_id: string;
  text: string;
  visibility: Visibility;
  send_after?: string;
}

/** How an account of the network is connected; `null` where the network cannot be answered. */
export const replySettings = (connector: Connector): Setting[] | null =>
  (connector as Connector & { reply_settings?: Setting[] | null }).reply_settings ?? null;

async function call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const request = new Request(new URL(path, location.origin), {
    method,
    headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const response = await send(request);
  const answered: unknown = await response.json().catch(() => {
    // An answer that breaks off says nothing of whether it was done.
    if (response.ok) throw new Problem(0, "unreachable", "");
  });
  if (!response.ok) throw problemOf(response, answered);
  return answered as T;
}

const listAccounts = async () => (await call<{ items: Account[] }>("GET", "/api/accounts")).items;
export const createAccount = (body: AccountDraft) => call<Account>("POST", "/api/accounts", body);
export const testAccount = (body: AccountDraft) => call<AccountTest>("POST", "/api/accounts/test", body);
export const updateAccount = (id: string, body: AccountChange) => call<Account>("PATCH", `/api/accounts/${id}`, body);
export const disconnectAccount = (id: string) => call<Account>("DELETE", `/api/accounts/${id}`);
export const probeAccount = (id: string) => call<Account>("POST", `/api/accounts/${id}/probe`);

/** The key makes a second try of the same words the same reply. */
export const createReply = (mention: string, body: NewReply, key: string) =>
  call<Reply>("POST", `/api/mentions/${mention}/replies`, body, { "idempotency-key": key });
export const updateReply = (id: string, body: { text?: string; send_after?: string }) =>
  call<Reply>("PATCH", `/api/replies/${id}`, body);
export const cancelReply = (id: string) => call<Reply>("POST", `/api/replies/${id}/cancel`);
export const approveReply = (id: string) => call<Reply>("POST", `/api/replies/${id}/approve`);
export const sendReplyAgain = (id: string) => call<Reply>("POST", `/api/replies/${id}/send-again`);

export const accountsQuery = queryOptions({ queryKey: ["accounts"], queryFn: listAccounts, staleTime: 10_000 });

export const replyOptionsQuery = (mention: string) =>
  queryOptions({
    queryKey: ["reply-options", mention],
    queryFn: () => call<ReplyOptions>("GET", `/api/mentions/${mention}/reply-options`),
    staleTime: 60_000,
  });

/** States that pass by themselves: they are looked at even when no event comes. */
const PASSING: ReplyState[] = ["waiting", "sending", "unsure", "retrying"];
const PASSING_MS = 10_000;
const anyPasses = (replies: readonly Reply[] | undefined) => replies?.some(({ state }) => PASSING.includes(state));

export const mentionRepliesQuery = (mention: string) =>
  queryOptions({
    queryKey: ["replies", "of", mention],
    queryFn: async () => (await call<{ items: Reply[] }>("GET", `/api/mentions/${mention}/replies`)).items,
    staleTime: 5_000,
    refetchInterval: (query) => (anyPasses(query.state.data) ? PASSING_MS : false),
  });

interface OutboxPage {
  items: OutboxReply[];
  next_cursor: string | null;
}

const PAGE = 50;

const listReplies = (states: readonly ReplyState[], cursor: string | null) => {
  const params = new URLSearchParams(states.map((state) => ["state", state]));
  params.set("limit", String(PAGE));
  if (cursor) params.set("cursor", cursor);
  return call<OutboxPage>("GET", `/api/replies?${params}`);
};

export const outboxQuery = (states: readonly ReplyState[]) =>
  infiniteQueryOptions({
    queryKey: ["replies", "outbox", ...states],
    queryFn: ({ pageParam }) => listReplies(states, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 5_000,
  });
