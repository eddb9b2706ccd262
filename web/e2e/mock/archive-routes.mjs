// The archive: search, its figures, saved views, exports, the workspace's zone and the state of the index.
import { ok, problem } from "./answers.mjs";
import { facetOf, foundSpans, select, sorted, timelineOf } from "./archive-search.mjs";
import { change as changeJudgement } from "./judgement.mjs";
import { newId } from "./posts.mjs";

export function archiveRoutes({ state }) {
  const archive = state.archive;
  const whole = () => ({ incomplete: archive.incomplete, missing: archive.missing });
  const faulty = (selection) => {
    const opened = (selection.query ?? "").split("(").length - (selection.query ?? "").split(")").length;
    return opened > 0
      ? problem(422, "query_has_errors", "в запросе есть ошибки", undefined, { diagnostics: [] })
      : null;
  };
  const asked =
    (answer) =>
    async ({ body, ...rest }) => {
      if (archive.slow_ms) await new Promise((resolve) => setTimeout(resolve, archive.slow_ms));
      return faulty(body.selection) ?? answer({ body, selection: body.selection, ...rest });
    };

  return [
    [
      "POST",
      "/api/search",
      asked(({ body, selection }) => {
        const found = sorted(select(state.mentions, selection), body.order);
        const from = Number(body.cursor ?? 0);
        return ok({
          items: found
            .slice(from, from + body.limit)
            .map((one) => ({ ...one, found: foundSpans(one, selection.query) })),
          next_cursor: from + body.limit < found.length ? String(from + body.limit) : null,
          ...whole(),
        });
      }),
    ],
    [
      "POST",
      "/api/search/count",
      asked(({ selection }) => ok({ count: select(state.mentions, selection).length, ...whole() })),
    ],
    [
      "POST",
      "/api/search/facets",
      asked(({ body, selection }) =>
        ok({
          count: select(state.mentions, selection).length,
          facets: body.facets.map((facet) => facetOf(state.mentions, selection, facet, body.limit)),
          ...whole(),
        }),
      ),
    ],
    [
      "POST",
      "/api/search/timeline",
      asked(({ selection }) => ok({ ...timelineOf(state.mentions, selection, Date.now()), ...whole() })),
    ],
    [
      "POST",
      "/api/search/change",
      asked(({ body, selection }) => {
        const found = select(state.mentions, selection);
        if (archive.arrives_meanwhile) {
          archive.arrives_meanwhile = false;
          return problem(409, "count_changed", "число тем временем изменилось");
        }
        for (const one of found) {
          const { change } = body;
          if (change.state) one.state = change.state;
          changeJudgement(one, change);
          const kept = one.tags.filter((tag) => !(change.remove_tags ?? []).includes(tag));
          one.tags = [...new Set([...kept, ...(change.add_tags ?? [])])];
        }
        return ok({ changed: found.length });
      }),
    ],
    ["GET", "/api/mentions/:id/similar", ({ id }) => ok({ items: similarTo(state.mentions, id) })],
    ["GET", "/api/views", () => ok({ items: state.views })],
    [
      "POST",
      "/api/views",
      ({ body }) => {
        if (state.views.some((view) => view.mine && view.name === body.name))
          return problem(409, "name_taken", `подборка «${body.name}» уже есть`);
        const at = new Date().toISOString();
        const view = { id: newId(), ...body, owner: { id: "1", name: "Мария Ли" }, mine: true };
        state.views.push({ ...view, created_at: at, updated_at: at });
        return ok(state.views.at(-1), 201);
      },
    ],
    [
      "PUT",
      "/api/views/:id",
      ({ id, body }) => {
        const view = state.views.find((one) => one.id === id);
        if (!view) return problem(404, "not_found", "");
        Object.assign(view, body, { updated_at: new Date().toISOString() });
        return ok(view);
      },
    ],
    [
      "DELETE",
      "/api/views/:id",
      ({ id }) => {
        state.views = state.views.filter((one) => one.id !== id);
        return { status: 204 };
      },
    ],
    [
      "POST",
      "/api/exports",
      ({ body }) =>
        ok(
          {
            id: "9",
            url: "/api/exports/9",
            file_name: `molva-mentions.${body.format}`,
            rows: select(state.mentions, body.selection).length,
            ...whole(),
          },
          201,
        ),
    ],
    ["GET", "/api/exports/:id", () => ok({ exported: true })],
    ["GET", "/api/workspace", () => ok(state.workspace)],
    [
      "PATCH",
      "/api/workspace",
      ({ body }) => {
        try {
          if (body.time_zone) new Intl.DateTimeFormat("en", { timeZone: body.time_zone });
        } catch {
          return problem(422, "invalid_fields", "не всё заполнено верно", [
            { field: "time_zone", code: "time_zone", message: `часового пояса \`${body.time_zone}\` нет` },
          ]);
        }
        Object.assign(state.workspace, body);
        return ok(state.workspace);
      },
    ],
    ["GET", "/api/archive", () => ok(status())],
    [
      "POST",
      "/api/archive/rebuild",
      () => {
        archive.rebuilding = { done: 0, total: state.mentions.length };
        return ok(status(), 202);
      },
    ],
  ];

  function status() {
    const { rebuilding } = archive;
    if (rebuilding) {
      if (rebuilding.done >= rebuilding.total) archive.rebuilding = null;
      else rebuilding.done = Math.min(rebuilding.total, rebuilding.done + Math.ceil(rebuilding.total / 4));
    }
    return {
      mentions: state.mentions.length,
      events_behind: 0,
      lag_seconds: 0.4,
      filling: archive.incomplete,
      rebuilding: archive.rebuilding,
      damaged: archive.missing.map((month) => ({ month, reason: "сумма не сошлась" })),
    };
  }
}

function similarTo(mentions, id) {
  const first = mentions.find((one) => one.id === id);
  const start = first?.post.text.slice(0, 12);
  return mentions.filter((one) => one.id !== id && one.post.text.startsWith(start)).slice(0, 20);
}
