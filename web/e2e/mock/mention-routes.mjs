// Mentions and tags.
import { found, ok } from "./answers.mjs";
import { change } from "./judgement.mjs";
import { makeMention } from "./posts.mjs";

export function mentionRoutes({ state, random, emit }) {
  const filtered = (params) => {
    const all = (key) => params.getAll(key);
    const has = (key, value) => all(key).length === 0 || all(key).includes(value);
    const states = all("state").length ? all("state") : ["new", "kept"];
    const text = params.get("text")?.toLowerCase();
    const fitting = state.mentions.filter(
      (one) =>
        has("topic", one.topic_id) &&
        has("network", one.post.network) &&
        has("language", one.post.language) &&
        has("source", one.source_id) &&
        states.includes(one.state) &&
        (!one.copy_of || params.get("copies") === "true") &&
        has("tone", one.tone ?? "none") &&
        (all("intent").length === 0 || one.intents.some((intent) => all("intent").includes(intent))) &&
        has("stage", one.stage ?? "none") &&
        (params.get("spam") !== "false" || !(one.spam >= 0.5)) &&
        has("story", one.story?.id ?? "") &&
        (all("tag").length === 0 || one.tags.some((tag) => all("tag").includes(tag))) &&
        (!text || one.post.text.toLowerCase().includes(text)) &&
        (!params.get("author") ||
          one.post.author.handle === params.get("author") ||
          one.post.author.name === params.get("author")) &&
        (!params.get("from") || one.post.published_at >= params.get("from")),
    );
    if (params.get("one_per_story") !== "true") return fitting;
    const told = new Set();
    return fitting.filter(({ story }) => !story || (!told.has(story.id) && Boolean(told.add(story.id))));
  };

  return [
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
    ["GET", "/api/mentions/:id/versions", ({ id }) => ok({ items: state.versions?.[id] ?? [] })],
    [
      "PATCH",
      "/api/mentions",
      ({ body }) => {
        const items = state.mentions.filter((one) => body.ids.includes(one.id));
        for (const one of items) {
          if (body.state) one.state = body.state;
          change(one, body);
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
  ];
}
