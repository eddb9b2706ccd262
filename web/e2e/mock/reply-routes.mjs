// Accounts and replies: an outbox that sends by itself, with switches for what may go wrong.
import { found, ok, problem } from "./answers.mjs";
import { newId } from "./posts.mjs";
import { WORDS } from "./reply-words.mjs";

const UNDO_SECONDS = 10;
const DAY = 86_400_000;
const iso = (at) => new Date(at).toISOString();
const ME = { id: "1", name: "Мария Ли" };
const OTHER = { id: "2", name: "Олена Ткач" };

const RULES = {
  mastodon: {
    length: { limit: 500, unit: "graphemes", bytes: null, url_counts: 23, short_handles: true },
    visibilities: ["public", "private"],
  },
  wordpress: {
    length: { limit: 5_000, unit: "characters", bytes: 65_525, url_counts: null, short_handles: false },
    visibilities: ["public"],
  },
  bluesky: {
    length: { limit: 300, unit: "graphemes", bytes: 3_000, url_counts: null, short_handles: false },
    visibilities: ["public"],
  },
};

/** Small, so that a test can go over it. */
const FILES = {
  mastodon: {
    most: 2,
    bytes: 2_000,
    media_types: ["image/png", "image/jpeg"],
    alt: 100,
    text: 400,
    alone: [],
    private: true,
  },
};

export function makeAccount(connector, name, more = {}) {
  return {
    id: newId(),
    connector,
    name,
    holder: { kind: "company" },
    settings: { server: "https://mastodon.social" },
    secret_keys: ["token"],
    state: "connected",
    expiring: false,
    access: null,
    needs_approval: false,
    facts: {
      handle: "molva_help",
      name: "Molva",
      url: "https://example.org/@molva_help",
      scopes: ["read", "write:statuses"],
      missing: null,
      expires_at: null,
      quota: { limit: 300, remaining: 297, resets_at: iso(Date.now() + 900_000) },
      clock_skew_seconds: 0,
      native_id: "1",
      rule: RULES[connector],
    },
    checked_at: iso(Date.now() - 600_000),
    problem: null,
    created_at: iso(Date.now() - 5 * DAY),
    ...more,
  };
}

export function replyRoutes({ state, emit }) {
  state.accounts ??= [];
  state.replies ??= [];
  /** What the network will say next: `sent`, `refused`, `retrying`, `unsure`. */
  state.network ??= { says: "sent", undo_seconds: UNDO_SECONDS, lost_answers: 0, greets: false, posted: [] };
  const say = (key) => WORDS[key][state.locale] ?? WORDS[key].en;
  const keys = new Map();

  const turn = (reply, to, more = {}) => {
    Object.assign(reply, { state: to, problem: null, next_attempt_at: null }, more);
    emit("reply.changed", reply.id);
  };
  const trouble = (message, advice = "") => ({ code: "network", message, advice });

  /** The network's answer, some moments after the reply is due. */
  function deliver(reply) {
    if (reply.state !== "waiting") return;
    turn(reply, "sending", { attempts: reply.attempts + 1 });
    setTimeout(() => {
      const { says } = state.network;
      if (says === "sent") {
        state.network.posted.push(reply.text);
        turn(reply, "sent", { sent_at: iso(Date.now()), url: `https://example.org/@molva_help/${reply.id}` });
      } else if (says === "refused") {
        turn(reply, "refused", { problem: trouble(say("refused"), say("refusedAdvice")) });
      } else {
        const next = iso(Date.now() + 120_000);
        turn(reply, says, { next_attempt_at: next, problem: says === "retrying" ? trouble(say("later")) : null });
      }
    }, 300).unref();
  }
  const plan = (reply) => {
    const wait = Math.max(0, Date.parse(reply.send_after) - Date.now());
    if (wait < DAY) setTimeout(() => deliver(reply), wait).unref();
  };

  const ours = (reply) => ["awaiting_approval", "waiting"].includes(reply.state);
  function shown(reply) {
    const account = state.accounts.find((one) => one.id === reply.account_id);
    const { account_id: _, ...rest } = reply;
    return {
      ...rest,
      account: {
        id: account.id,
        connector: account.connector,
        name: account.name,
        handle: account.facts?.handle ?? "",
      },
      may: {
        change: ours(reply),
        cancel: ours(reply) || ["retrying", "refused"].includes(reply.state),
        approve: reply.state === "awaiting_approval" && reply.written_by.id !== ME.id,
        send_again: reply.state === "refused",
      },
    };
  }
  function withMention(reply) {
    const mention = state.mentions.find((one) => one.id === reply.mention_id);
    return {
      ...shown(reply),
      mention: { id: mention.id, excerpt: mention.post.text.slice(0, 140), url: mention.post.url },
    };
  }

  /** A reply as it may lie there already. */
  state.putReply = (mention, account, text, more = {}) => {
    const reply = {
      id: newId(),
      mention_id: mention.id,
      account_id: account.id,
      visibility: "public",
      text,
      attachments: [],
      state: "awaiting_approval",
      send_after: iso(Date.now()),
      attempts: 0,
      next_attempt_at: null,
      url: null,
      problem: null,
      written_by: OTHER,
      approved_by: null,
      created_at: iso(Date.now()),
      sent_at: null,
      ...more,
    };
    state.replies.push(reply);
    return reply;
  };

  function options(mention) {
    const { network } = mention.post;
    const base = { original_url: mention.post.url, undo_seconds: state.network.undo_seconds, accounts: [] };
    if (!(network in RULES)) {
      return { ...base, can_answer: false, why_not: { code: "read_only", message: say("read_only") } };
    }
    const own = state.accounts.filter((one) => one.connector === network && one.state !== "disconnected");
    if (own.length === 0) {
      return { ...base, can_answer: false, why_not: { code: "no_account", message: "no account" } };
    }
    const accounts = own.map((one) => ({
      account: {
        id: one.id,
        connector: one.connector,
        name: one.name,
        handle: one.facts?.handle ?? "",
        holder: one.holder,
      },
      rule: one.facts.rule,
      attachments: FILES[network] ?? null,
      no_attachments: null,
      needs_approval: one.needs_approval,
      greeting: state.network.greets && network === "mastodon" ? `@${mention.post.author.handle}@m.example ` : null,
      may: one.state === "connected" ? (one.not ?? null) : { code: one.state, message: say("expired") },
    }));
    return { ...base, can_answer: accounts.some(({ may }) => may === null), why_not: null, accounts };
  }
  state.otherServer = () => ({ code: "other_server", message: say("other_server") });

  function tested(body) {
    if (Object.values(body.secrets).some((secret) => secret.includes("bad"))) {
      const [message, advice] = [say("token"), say("tokenAdvice")];
      return { ok: false, message, code: "not_accepted", setting: null, advice, facts: null };
    }
    const { facts } = makeAccount(body.connector, body.name);
    return { ok: true, message: "@molva_help", code: null, setting: null, advice: null, facts };
  }

  const one = (id) => state.replies.find((reply) => reply.id === id);
  const change = (id, allowed, act) => {
    const reply = one(id);
    if (!reply) return problem(404, "not_found", "");
    if (!allowed(reply))
      return problem(409, "not_possible_now", `reply is ${reply.state}`, undefined, { state: reply.state });
    act(reply);
    return ok(shown(reply));
  };

  return [
    ["GET", "/api/accounts", () => ok({ items: state.accounts.map(({ not: _, ...account }) => account) })],
    ["POST", "/api/accounts/test", ({ body }) => ok(tested(body))],
    [
      "POST",
      "/api/accounts",
      ({ body }) => {
        const test = tested(body);
        if (!test.ok) return problem(422, "not_accepted", `${test.message}; ${test.advice}`);
        const account = makeAccount(body.connector, body.name, {
          settings: body.settings,
          secret_keys: Object.keys(body.secrets),
          needs_approval: body.needs_approval,
          holder:
            body.holder === "me" ? { kind: "employee", user: ME, consent_at: iso(Date.now()) } : { kind: "company" },
          created_at: iso(Date.now()),
        });
        state.accounts.push(account);
        emit("account.created", account.id);
        return ok(account, 201);
      },
    ],
    [
      "PATCH",
      "/api/accounts/:id",
      ({ id, body }) =>
        found(
          state.accounts.find((account) => account.id === id),
          (account) => {
            if (body.name) account.name = body.name;
            if (body.needs_approval !== undefined) account.needs_approval = body.needs_approval;
            if (body.secrets) Object.assign(account, { state: "connected", expiring: false, problem: null });
            emit("account.changed", id);
            return account;
          },
        ),
    ],
    [
      "DELETE",
      "/api/accounts/:id",
      ({ id }) =>
        found(
          state.accounts.find((account) => account.id === id),
          (account) => {
            Object.assign(account, { state: "disconnected", secret_keys: [], problem: null, expiring: false });
            for (const reply of state.replies) if (reply.account_id === id && ours(reply)) turn(reply, "cancelled");
            emit("account.changed", id);
            return account;
          },
        ),
    ],
    [
      "POST",
      "/api/accounts/:id/probe",
      ({ id }) =>
        found(
          state.accounts.find((account) => account.id === id),
          (account) => Object.assign(account, { checked_at: iso(Date.now()) }),
        ),
    ],
    [
      "GET",
      "/api/mentions/:id/reply-options",
      ({ id }) =>
        found(
          state.mentions.find((mention) => mention.id === id),
          options,
        ),
    ],
    [
      "GET",
      "/api/mentions/:id/replies",
      ({ id }) => ok({ items: state.replies.filter((reply) => reply.mention_id === id).map(shown) }),
    ],
    [
      "GET",
      "/api/mentions/:id/thread",
      ({ id }) =>
        found(
          state.mentions.find((mention) => mention.id === id),
          (mention) => ({
            items: [
              { kind: "mention", mention },
              ...state.replies
                .filter((reply) => reply.mention_id === id)
                .flatMap((reply) => [
                  { kind: "reply", reply: shown(reply) },
                  ...state.mentions
                    .filter((one) => one.answers === reply.id)
                    .map((answer) => ({ kind: "mention", mention: answer })),
                ]),
            ],
          }),
        ),
    ],
    [
      "POST",
      "/api/mentions/:id/replies",
      ({ id, body, headers }) => {
        const key = headers["idempotency-key"];
        if (!keys.has(key)) {
          const account = state.accounts.find((each) => each.id === body.account_id);
          const reply = state.putReply({ id }, account, body.text, {
            visibility: body.visibility,
            state: account.needs_approval ? "awaiting_approval" : "waiting",
            send_after: body.send_after ?? iso(Date.now() + state.network.undo_seconds * 1_000),
            written_by: ME,
            attachments: (body.attachments ?? []).map(({ id, alt }) => {
              const { bytes: _, ...file } = state.attachments.get(id);
              return { ...file, alt: alt ?? null };
            }),
          });
          keys.set(key, reply);
          emit("reply.created", reply.id);
          if (!account.needs_approval) plan(reply);
        }
        if (state.network.lost_answers > 0) {
          state.network.lost_answers -= 1;
          return { lost: true };
        }
        return ok(shown(keys.get(key)), 201);
      },
    ],
    [
      "GET",
      "/api/replies",
      ({ params }) => {
        const states = params.getAll("state");
        const items = state.replies.filter((reply) => states.length === 0 || states.includes(reply.state));
        return ok({ items: items.map(withMention).reverse(), next_cursor: null });
      },
    ],
    ["PATCH", "/api/replies/:id", ({ id, body }) => change(id, ours, (reply) => turn(reply, reply.state, body))],
    [
      "POST",
      "/api/replies/:id/cancel",
      ({ id }) =>
        change(
          id,
          (reply) => ours(reply) || ["retrying", "refused"].includes(reply.state),
          (reply) => turn(reply, "cancelled"),
        ),
    ],
    [
      "POST",
      "/api/replies/:id/approve",
      ({ id }) =>
        change(
          id,
          (reply) => reply.state === "awaiting_approval",
          (reply) => {
            turn(reply, "waiting", { approved_by: ME });
            plan(reply);
          },
        ),
    ],
    [
      "POST",
      "/api/replies/:id/send-again",
      ({ id }) =>
        change(
          id,
          (reply) => reply.state === "refused",
          (reply) => {
            turn(reply, "waiting", { send_after: iso(Date.now()) });
            plan(reply);
          },
        ),
    ],
  ];
}
