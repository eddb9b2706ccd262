// Topics, and queries while they are written.
import { found, ok, problem } from "./answers.mjs";
import { makeMention } from "./posts.mjs";

export function topicRoutes({ state, random, topicOf, emit, withMentions }) {
  return [
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
  ];
}
