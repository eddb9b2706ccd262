// A stand-in for Molva that follows its HTTP contract closely enough to click through the whole app. Serves `dist` too, under the
// same content security policy as the real one. Run it alone with `node e2e/mock-api.mjs`, or start it from a test.
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { CONNECTORS, makeHours, makeMention, makeSources, newId, seeded, sum } from "./mock-data.mjs";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export function createMock({ mentions = 400, setup = false, empty = false } = {}) {
  const random = seeded(7);
  const now = Date.now();
  const state = {
    down: false,
    setup,
    signedIn: false,
    locale: "ru",
    topics: [],
    sources: empty ? [] : makeSources(now),
    mentions: [],
    tokens: [],
    log: [],
    clients: new Set(),
  };
  const topicOf = (name, kind, query) => ({
    id: newId(),
    name,
    level: "brand",
    kind,
    query,
    version: 3,
    created_at: new Date(now - 9e8).toISOString(),
    updated_at: new Date(now - 9e7).toISOString(),
    mentions: 0,
    last_mention_at: null,
  });
  if (!empty && !setup) {
    state.topics = [
      topicOf("Билайн", "own", "(билайн OR beeline OR білайн)\nNOT (вакансия OR резюме)"),
      topicOf("Мегафон", "competitor", "мегафон OR megafon"),
      topicOf("Домашний интернет", "market", '"домашний интернет" OR (wifi NEAR/5 дома)'),
    ];
    for (let index = 0; index < mentions; index += 1) {
      state.mentions.push(makeMention(random, now - index * 47_000 - 5_000, state.topics, state.sources));
    }
  }

  const emit = (kind, subject, topic = null) => {
    const event = {
      id: newId(),
      at: new Date().toISOString(),
      kind,
      subject_id: subject,
      topic_id: topic,
      actor: { kind: "system", id: null },
    };
    state.log.push(event);
    const frame = `event: ${kind}\nid: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`;
    for (const client of state.clients) client.write(frame);
  };

  /** Something new arrives, as from a source. */
  const arrive = (count = 1, text) => {
    for (let index = 0; index < count; index += 1) {
      const mention = makeMention(
        random,
        Date.now(),
        state.topics,
        state.sources.length ? state.sources : [{ id: "11" }],
        text,
      );
      mention.state = "new";
      state.mentions.unshift(mention);
      emit("mention.created", mention.id, mention.topic_id);
    }
  };

  const tallies = () => {
    const rng = seeded(3);
    return state.sources.map((source, index) => ({
      source_id: source.id,
      hours: makeHours(rng, Date.now(), [900, 40, 260, 1400, 0][index] ?? 10),
    }));
  };
  const withTally = (source) => ({
    ...source,
    tally: sum(tallies().find((one) => one.source_id === source.id)?.hours ?? []),
  });
  const withMentions = (topic) => {
    const own = state.mentions.filter((one) => one.topic_id === topic.id);
    return { ...topic, mentions: own.length, last_mention_at: own[0]?.created_at ?? null };
  };

  const check = (query) => {
    const diagnostics = [];
    const lower = /(?<=\s)or(?=\s)/.exec(query);
    if (lower)
      diagnostics.push({
        severity: "warning",
        code: "lower_case_or",
        start: lower.index,
        end: lower.index + 2,
        message: "«or» строчными читается как слово; для «или» пишите прописными",
        replacement: "OR",
      });
    const opened = [...query].filter((one) => one === "(").length - [...query].filter((one) => one === ")").length;
    if (opened > 0) {
      const at = query.lastIndexOf("(");
      diagnostics.unshift({
        severity: "error",
        code: "unclosed_bracket",
        start: at,
        end: at + 1,
        message: "скобка не закрыта; добавьте «)»",
        replacement: null,
      });
    }
    return {
      valid: opened <= 0 && query.trim() !== "",
      diagnostics,
      explanation: `любое из слов: ${
        query
          .match(/\p{L}{3,}/gu)
          ?.slice(0, 6)
          .join(", ") ?? ""
      } — во всех формах`,
    };
  };

  const filtered = (params) => {
    const all = (key) => params.getAll(key);
    const has = (key, value) => all(key).length === 0 || all(key).includes(value);
    const states = all("state").length ? all("state") : ["new", "kept"];
    const text = params.get("text")?.toLowerCase();
    return state.mentions.filter(
      (one) =>
        has("topic", one.topic_id) &&
        has("network", one.post.network) &&
        has("language", one.post.language) &&
        has("source", one.source_id) &&
        states.includes(one.state) &&
        has("tone", one.tone ?? "none") &&
        (all("tag").length === 0 || one.tags.some((tag) => all("tag").includes(tag))) &&
        (!text || one.post.text.toLowerCase().includes(text)) &&
        (!params.get("author") ||
          one.post.author.handle === params.get("author") ||
          one.post.author.name === params.get("author")) &&
        (!params.get("from") || one.post.published_at >= params.get("from")),
    );
  };

  const problem = (status, code, detail, errors, more) => ({
    status,
    body: { type: "about:blank", title: code, status, detail, code, errors, ...more },
    problem: true,
  });
  const ok = (body, status = 200) => ({ status, body });
  const me = () =>
    ok({
      user: { id: "1", name: "Мария Ли", login: "maria", role: "owner", locale: state.locale },
      workspace: { id: "1", name: "Molva" },
      version: "0.1.0",
      live_demo: true,
    });
  const connectors = () =>
    CONNECTORS.map((one) => {
      const say = (words) => words[state.locale];
      return {
        ...one,
        title: say(one.title),
        summary: say(one.summary),
        add_by_hand: true,
        settings: one.settings.map((setting) => ({
          ...setting,
          label: say(setting.label),
          help: say(setting.help),
          choices: setting.choices?.map(([value, label]) => ({ value, label: say(label) })),
        })),
      };
    });

  const routes = [
    ["GET", "/api/setup", () => ok({ needed: state.setup, version: "0.1.0" })],
    [
      "POST",
      "/api/setup",
      ({ body }) => {
        if (body.secret !== "one-time") return problem(403, "setup_link_invalid", "the link is not valid");
        if (body.password.length < 10)
          return problem(422, "invalid", "", [{ field: "password", code: "short", message: "не короче 10 знаков" }]);
        Object.assign(state, { setup: false, signedIn: true, locale: body.locale });
        return { ...me(), status: 201 };
      },
    ],
    [
      "POST",
      "/api/session",
      ({ body }) => {
        if (body.password !== "correct horse") return problem(401, "wrong_credentials", "Логин или пароль не подходят");
        state.signedIn = true;
        return me();
      },
    ],
    ["GET", "/api/session", me],
    [
      "DELETE",
      "/api/session",
      () => {
        state.signedIn = false;
        return { status: 204 };
      },
    ],
    [
      "PATCH",
      "/api/session",
      ({ body }) => {
        if (body.locale) state.locale = body.locale;
        return me();
      },
    ],
    ["GET", "/api/topics", () => ok({ items: state.topics.map(withMentions) })],
    [
      "POST",
      "/api/topics",
      ({ body }) => {
        if (state.topics.some((one) => one.name === body.name))
          return problem(409, "name_taken", `Тема «${body.name}» уже есть`);
        const topic = { ...topicOf(body.name, body.kind, body.query), level: body.level, version: 1 };
        state.topics.push(topic);
        if (body.backfill)
          for (let index = 0; index < 60; index += 1)
            state.mentions.push(makeMention(random, Date.now() - index * 90_000, [topic], [{ id: "11" }]));
        emit("topic.created", topic.id);
        return ok(withMentions(topic), 201);
      },
    ],
    [
      "GET",
      "/api/topics/:id",
      ({ id }) =>
        found(
          state.topics.find((one) => one.id === id),
          withMentions,
        ),
    ],
    [
      "PUT",
      "/api/topics/:id",
      ({ id, body }) => {
        const topic = state.topics.find((one) => one.id === id);
        Object.assign(topic, body, { version: topic.version + 1 });
        return ok(withMentions(topic));
      },
    ],
    [
      "DELETE",
      "/api/topics/:id",
      ({ id }) => {
        state.topics = state.topics.filter((one) => one.id !== id);
        return { status: 204 };
      },
    ],
    ["POST", "/api/topics/:id/backfill", () => ok({ added: 21 }, 202)],
    ["POST", "/api/queries/check", ({ body }) => ok(check(body.query))],
    [
      "POST",
      "/api/queries/preview",
      ({ body }) => {
        const hits = Array.from({ length: Math.min(body.limit, 20) }, (_, index) =>
          makeMention(random, Date.now() - index * 300_000, [{ id: "1" }], [{ id: "11" }]),
        );
        return ok({
          hits: hits.map(({ post, spans }) => ({ post, spans })),
          scanned: 184_220,
          matched: 1_312,
          since: new Date(Date.now() - 2.4 * 86_400_000).toISOString(),
          per_day: 546.7,
          cut_short: false,
        });
      },
    ],
    [
      "POST",
      "/api/queries/suggest",
      ({ body }) => {
        const spellings = [body.brand, "beeline", "білайн"];
        return ok({
          query: `(${spellings.join(" OR ")})\nNOT вакансия`,
          spellings,
          exclusions: [
            { clause: "вакансия", reason: "Объявления о работе" },
            { clause: '"курс доллара"', reason: "Курсы валют" },
          ],
        });
      },
    ],
    [
      "GET",
      "/api/mentions",
      ({ params }) => {
        const limit = Number(params.get("limit") ?? 50);
        const from = Number(params.get("cursor") ?? 0);
        const hits = filtered(params);
        return ok({
          items: hits.slice(from, from + limit),
          next_cursor: from + limit < hits.length ? String(from + limit) : null,
        });
      },
    ],
    ["GET", "/api/mentions/count", ({ params }) => ok({ count: filtered(params).length, at_most: false })],
    [
      "GET",
      "/api/mentions/:id",
      ({ id }) =>
        found(
          state.mentions.find((one) => one.id === id),
          (one) => one,
        ),
    ],
    [
      "GET",
      "/api/mentions/:id/copies",
      ({ id }) => {
        const first = state.mentions.find((one) => one.id === id);
        const items = Array.from({ length: first?.copies ?? 0 }, (_, index) => ({
          ...makeMention(random, Date.now() - index * 60_000, state.topics, state.sources, first.post.text),
          copy_of: id,
          copies: 0,
        }));
        return ok({ items });
      },
    ],
    [
      "PATCH",
      "/api/mentions",
      ({ body }) => {
        const items = state.mentions.filter((one) => body.ids.includes(one.id));
        for (const one of items) {
          if (body.state) one.state = body.state;
          if ("tone" in body) one.tone = body.tone;
          one.tags = [
            ...new Set([
              ...one.tags.filter((tag) => !(body.remove_tags ?? []).includes(tag)),
              ...(body.add_tags ?? []),
            ]),
          ];
          emit("mention.changed", one.id, one.topic_id);
        }
        return ok({ items });
      },
    ],
    [
      "GET",
      "/api/tags",
      () => {
        const counts = new Map();
        for (const one of state.mentions) for (const tag of one.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
        return ok({ items: [...counts].map(([tag, count]) => ({ tag, count })) });
      },
    ],
    ["GET", "/api/connectors", () => ok({ items: connectors() })],
    ["GET", "/api/sources", () => ok({ items: state.sources.map(withTally) })],
    [
      "POST",
      "/api/sources",
      ({ body }) => {
        if (body.settings.url === "http://10.0.0.1")
          return problem(422, "invalid", "", [
            { field: "settings.url", code: "address_blocked", message: "Адрес внутренней сети; нужен открытый" },
          ]);
        const source = {
          ...makeSources(Date.now())[0],
          id: newId(),
          connector: body.connector,
          name: body.name,
          settings: body.settings,
          state: "starting",
          last_item_at: null,
          last_success_at: null,
          lag_seconds: null,
        };
        state.sources.push(source);
        emit("source.created", source.id);
        return ok(
          {
            ...withTally(source),
            ...(body.connector === "push" ? { push_secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" } : {}),
          },
          201,
        );
      },
    ],
    [
      "POST",
      "/api/sources/test",
      ({ body }) =>
        ok(
          body.settings.url?.includes("bad")
            ? { ok: false, message: "по этому адресу нет ленты; проверьте адрес", code: "not_found" }
            : { ok: true, message: "лента «Городские новости», 25 записей, последняя 3 минуты назад" },
        ),
    ],
    [
      "GET",
      "/api/sources/:id",
      ({ id }) =>
        found(
          state.sources.find((one) => one.id === id),
          withTally,
        ),
    ],
    [
      "PUT",
      "/api/sources/:id",
      ({ id, body }) => {
        const one = state.sources.find((source) => source.id === id);
        Object.assign(one, { name: body.name, settings: body.settings });
        return ok(withTally(one));
      },
    ],
    [
      "DELETE",
      "/api/sources/:id",
      ({ id }) => {
        state.sources = state.sources.filter((one) => one.id !== id);
        return { status: 204 };
      },
    ],
    ["POST", "/api/sources/:id/pause", ({ id }) => turn(id, "paused")],
    ["POST", "/api/sources/:id/resume", ({ id }) => turn(id, "running")],
    [
      "GET",
      "/api/sources/:id/ledger",
      ({ id }) => {
        const hours = tallies().find((one) => one.source_id === id)?.hours ?? [];
        const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
        const gaps =
          id === "13"
            ? [
                { from: ago(90), to: null, cause: "failing" },
                { from: ago(700), to: ago(655), cause: "disconnected" },
              ]
            : [];
        const rejected = sum(hours).rejected;
        return ok({
          total: sum(hours),
          hours,
          gaps,
          rejections: rejected
            ? [
                { reason: "invalid_date", count: rejected - 3 },
                { reason: "malformed", count: 3 },
              ]
            : [],
          quarantine: rejected
            ? [
                {
                  at: ago(14),
                  reason: "invalid_date",
                  place: "entry 3, field published",
                  message: "время «вчера» не читается; нужна дата по RFC 3339",
                  sample: "<entry><id>3</id><published>вчера</published>",
                },
              ]
            : [],
        });
      },
    ],
    [
      "GET",
      "/api/ledger",
      () => {
        const all = tallies();
        return ok({
          total: sum(all.flatMap((one) => one.hours)),
          balances: true,
          sources: all.map((one) => ({ source_id: one.source_id, ...sum(one.hours) })),
          hours: [],
          kept: {
            posts: 184_220,
            bytes: 61_400_000,
            oldest: new Date(Date.now() - 2.4 * 86_400_000).toISOString(),
            newest: new Date().toISOString(),
          },
        });
      },
    ],
    ["GET", "/api/tokens", () => ok({ items: state.tokens })],
    [
      "POST",
      "/api/tokens",
      ({ body }) => {
        const token = {
          id: newId(),
          name: body.name,
          scopes: body.scopes,
          created_at: new Date().toISOString(),
          last_used_at: null,
        };
        state.tokens.push(token);
        return ok({ token, secret: "molva_Zk3vT0u7yC1q9LwJ5sXbN8dR" }, 201);
      },
    ],
    [
      "DELETE",
      "/api/tokens/:id",
      ({ id }) => {
        state.tokens = state.tokens.filter((one) => one.id !== id);
        return { status: 204 };
      },
    ],
  ];

  function found(item, shape) {
    return item ? ok(shape(item)) : problem(404, "not_found", "");
  }
  function turn(id, to) {
    const source = state.sources.find((one) => one.id === id);
    source.state = to;
    source.problem = null;
    emit("source.changed", id);
    return ok(withTally(source));
  }

  function events(request, response, params) {
    const after = request.headers["last-event-id"] ?? params.get("after");
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(`event: hello\nid: ${state.log.at(-1)?.id ?? "0"}\ndata: {}\n\n`);
    if (after)
      for (const event of state.log.filter((one) => BigInt(one.id) > BigInt(after)))
        response.write(`event: ${event.kind}\nid: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`);
    state.clients.add(response);
    request.on("close", () => state.clients.delete(response));
  }

  function file(path, response) {
    let name = join(DIST, normalize(path));
    try {
      if (!statSync(name).isFile()) throw new Error();
    } catch {
      name = join(DIST, "index.html");
    }
    response.writeHead(200, {
      "content-type": TYPES[extname(name)] ?? "application/octet-stream",
      "content-security-policy": POLICY,
      "cache-control": "no-cache",
    });
    response.end(readFileSync(name));
  }

  async function answer(request, response) {
    const url = new URL(request.url, "http://mock");
    if (!url.pathname.startsWith("/api") && url.pathname !== "/healthz") return file(url.pathname, response);
    if (state.down) return request.socket.destroy();
    if (url.pathname === "/healthz") return response.end("ok");
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = chunks.length ? JSON.parse(Buffer.concat(chunks).toString()) : {};
    const open = url.pathname === "/api/setup" || url.pathname === "/api/session";
    let result;
    if (!state.signedIn && !(open && (request.method === "POST" || url.pathname === "/api/setup")))
      result = problem(401, "unauthorized", "");
    else if (request.method !== "GET" && request.headers["x-molva-csrf"] !== "1") result = problem(403, "csrf", "");
    else if (url.pathname === "/api/events") return events(request, response, url.searchParams);
    else result = route(request.method, url, body);
    response.writeHead(result.status, {
      "content-type": result.problem ? "application/problem+json" : "application/json",
    });
    response.end(result.body === undefined ? "" : JSON.stringify(result.body));
  }

  function route(method, url, body) {
    const parts = url.pathname.split("/");
    for (const [verb, pattern, handle] of routes) {
      const wanted = pattern.split("/");
      if (verb !== method || wanted.length !== parts.length) continue;
      if (!wanted.every((part, index) => part === ":id" || part === parts[index])) continue;
      return handle({ id: parts[wanted.indexOf(":id")], params: url.searchParams, body });
    }
    return problem(404, "not_found", "");
  }

  const server = createServer((request, response) => void answer(request, response));
  return {
    state,
    arrive,
    emit,
    listen: (port = 0) =>
      new Promise((resolve) =>
        server.listen(port, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`)),
      ),
    /** Stops answering the API, as a server that was switched off. */
    down(value) {
      state.down = value;
      if (value) for (const client of state.clients) client.destroy();
    },
    close() {
      for (const client of state.clients) client.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mock = createMock({
    mentions: Number(process.env.MOCK_MENTIONS ?? 400),
    setup: process.env.MOCK_SETUP === "1",
  });
  mock.state.signedIn = true;
  setInterval(() => mock.arrive(1), 4_000);
  console.log(await mock.listen(Number(process.env.PORT ?? 8080)));
}
