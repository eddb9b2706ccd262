// Connectors, sources and the ledger.
import { found, ok, problem } from "./answers.mjs";
import { CONNECTORS } from "./connectors.mjs";
import { newId } from "./posts.mjs";
import { makeSources, sum } from "./sources.mjs";

export function sourceRoutes({ state, emit, tallies, withTally }) {
  const connectors = () =>
    CONNECTORS.map((one) => {
      const say = (words) => words[state.locale];
      const worded = (settings) =>
        settings.map((setting) => ({
          ...setting,
          label: say(setting.label),
          help: say(setting.help),
          choices: setting.choices?.map(([value, label]) => ({ value, label: say(label) })),
        }));
      return {
        ...one,
        title: say(one.title),
        summary: say(one.summary),
        add_by_hand: true,
        webhooks: one.webhooks ?? false,
        searches: one.searches ?? false,
        settings: worded(one.settings),
        reply_settings: one.reply_settings ? worded(one.reply_settings) : null,
        oauth: one.oauth ? { ...one.oauth, steps: one.oauth.steps ? say(one.oauth.steps) : null } : null,
      };
    });

  function turn(id, to) {
    const source = state.sources.find((one) => one.id === id);
    source.state = to;
    source.problem = null;
    emit("source.changed", id);
    return ok(withTally(source));
  }

  // A key of its own for each time a new address is made.
  const webhook = (id, renewed) => {
    const path = `/api/webhooks/telegram/${id}-${renewed ? "Xq3" : "f7A"}9kPzR2mWv5bN8cYtL4hJ6dGsE1uKo0a`;
    return ok({
      address: `https://molva.example${path}`,
      path,
      wanted: true,
      guide: null,
      secret_setting: "webhook_secret",
      ...(renewed ? { secret: "Jw4nT8qLx2Vb6mZc0Rk9sYd3Hf7gPe1U" } : {}),
      waiting: 0,
      counted_since: new Date(Date.now() - 86_400_000).toISOString(),
      taken: 1_204,
      repeated: 3,
      refused: 2,
      last_call_at: new Date(Date.now() - 4_000).toISOString(),
      last_refused_at: new Date(Date.now() - 600_000).toISOString(),
      last_refusal: "forged",
    });
  };

  return [
    ["GET", "/api/sources/:id/webhook", ({ id }) => webhook(id, false)],
    ["POST", "/api/sources/:id/webhook", ({ id }) => webhook(id, true)],
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
      ({ body }) => {
        if (body.settings.tags?.includes(" ")) {
          const message = `\`${body.settings.tags}\` — не хештег; пишите по одному на строку, без пробелов`;
          return ok({ ok: false, message, code: "invalid_setting", setting: "tags", advice: "исправьте настройку" });
        }
        return ok(
          body.settings.url?.includes("bad")
            ? { ok: false, message: "по этому адресу нет ленты; проверьте адрес", code: "not_found" }
            : { ok: true, message: "лента «Городские новости», 25 записей, последняя 3 минуты назад" },
        );
      },
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
  ];
}
