// Explanations, the labelling game, the understanding of a selection, and the model of the mock.
import { found, ok, problem } from "./answers.mjs";
import { select } from "./archive-search.mjs";
import { explanation, INTENTS, STAGES } from "./judgement.mjs";
import { allStories } from "./stories.mjs";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const iso = (at) => new Date(at).toISOString();

export function understandingRoutes({ state }) {
  state.labelled ??= { size: 12, answers: [], audited: true, history: true };
  state.model ??= {
    active: "3",
    training: null,
    labels: { tone: 214, intents: 61, stage: 12, spam: 33, relevance: 140 },
  };

  function cards() {
    return state.mentions.slice(0, state.labelled.size);
  }
  function next() {
    const done = state.labelled.answers.map((one) => one.id);
    const one = cards().find((card) => !done.includes(`7${card.id}`));
    if (!one) return null;
    const { text, title, network, published_at, language, url } = one.post;
    const topic = state.topics.find((each) => each.id === one.topic_id);
    return {
      audit_id: `7${one.id}`,
      mention_id: one.id,
      mention: { text, title, network, published_at, language, url },
      object: { topic_id: one.topic_id, name: topic?.name ?? "" },
      spans: one.spans,
    };
  }
  function labelling() {
    const { size, answers, history } = state.labelled;
    const now = Date.now();
    return {
      round: state.mentions.length
        ? {
            id: "1",
            from: iso(now - 7 * DAY),
            to: iso(now),
            size: Math.min(size, state.mentions.length),
            answered_by_me: answers.length,
            answered: answers.length + 7,
            double: 4,
          }
        : null,
      streak_weeks: 3,
      minutes_estimate: 5,
      agreement: { mentions: 24, tone: history ? 0.74 : null, intents: 0.61, stage: null, spam: 0.9, relevant: null },
      history: history
        ? [1, 2, 3].map((back) => ({
            week: iso(now - back * 7 * DAY),
            to: iso(now - (back - 1) * 7 * DAY),
            size: 60,
            answered: 60 - back,
            accuracy_of_model: { tone: 0.84 - back / 100 },
          }))
        : [],
    };
  }

  function understanding({ body: { selection = {}, compare } }) {
    const rows = select(state.mentions, selection);
    const before = compare ? select(state.mentions, { ...selection, ...compare }) : null;
    const part = (of, fits) => {
      const mentions = of.filter(fits).length;
      return { mentions, share: of.length ? mentions / of.length : null };
    };
    const estimated = (value, by, wide) => ({
      value: value * by,
      low: value * by - wide,
      high: value * by + wide,
      audited: 180,
      covered: 0.64,
      method: "prediction_powered",
    });
    const share = (fits) => {
      const now = part(rows, fits);
      return {
        ...now,
        estimate: state.labelled.audited && now.mentions > 0 ? estimated(now.share, 1.12, 0.04) : null,
        before: before && part(before, fits),
      };
    };
    const net = (of) => {
      const [up, down] = [part(of, (one) => one.tone === "positive"), part(of, (one) => one.tone === "negative")];
      return of.length ? (up.share - down.share) * 100 : null;
    };
    const times = rows.map((one) => Date.parse(one.post.published_at));
    const from = selection.from ? Date.parse(selection.from) : Math.min(...times, Date.now() - DAY);
    const to = selection.to ? Date.parse(selection.to) : Date.now();
    const size = Math.max(DAY, Math.ceil((to - from) / 60 / DAY) * DAY);
    const buckets = [];
    // Days begin at midnight in Moscow.
    for (let at = Math.floor((from + 3 * HOUR) / DAY) * DAY - 3 * HOUR; at < to; at += size) {
      const mine = rows.filter((_, index) => times[index] >= at && times[index] < at + size);
      const bucket = { from: iso(at), to: iso(at + size), mentions: mine.length };
      for (const tone of ["negative", "neutral", "positive"]) {
        bucket[tone] = mine.filter((one) => one.tone === tone).length;
      }
      bucket.unjudged = mine.filter((one) => one.tone === null).length;
      bucket.intents = {};
      for (const intent of INTENTS) bucket.intents[intent] = mine.filter((one) => one.intents.includes(intent)).length;
      buckets.push(bucket);
    }
    return ok({
      period: { from: iso(from), to: iso(to) },
      mentions: rows.length,
      unjudged: rows.filter((one) => one.tone === null).length,
      judged_by_people: rows.filter((one) => one.by_people.length > 0).length,
      before_mentions: before?.length ?? null,
      tones: ["negative", "neutral", "positive"].map((tone) => ({ tone, ...share((one) => one.tone === tone) })),
      net_sentiment: {
        value: net(rows),
        estimate: state.labelled.audited && rows.length ? estimated(net(rows), 1.2, 4.2) : null,
        before: before && net(before),
      },
      intents: INTENTS.map((intent) => ({ intent, ...share((one) => one.intents.includes(intent)) })).sort(
        (a, b) => b.mentions - a.mentions,
      ),
      without_intent: rows.filter((one) => one.intents.length === 0).length,
      stages: STAGES.map((stage) => ({ stage, ...share((one) => one.stage === stage) })),
      without_stage: rows.filter((one) => one.stage === null).length,
      spam: share((one) => one.spam >= 0.5),
      over_time: { unit: "day", time_zone: "Europe/Moscow", buckets },
      stories: allStories(state)
        .sort((a, b) => b.posts - a.posts)
        .slice(0, 5)
        .map(({ id, topic_ids: _, split_by_people: __, ...story }) => ({ story_id: id, ...story })),
      stories_distinct: allStories(state).length,
      incomplete: state.archive.incomplete,
      missing: state.archive.missing,
    });
  }

  function model() {
    const { active, training, labels } = state.model;
    if (training) {
      training.done += Math.ceil(training.total / 3);
      if (training.done >= training.total) state.model.training = null;
    }
    const score = (head, language, topic_id, before, after, examples) => ({
      head,
      language,
      topic_id,
      metric: head === "spam" ? "f1" : "macro_f1",
      before,
      after,
      low: after - 0.03,
      high: after + 0.03,
      examples,
    });
    const [first, second] = state.topics;
    const labelled = Object.values(labels).some((count) => count > 0);
    return ok({
      active: {
        id: active,
        version: active === "0" ? "2026.11" : `2026.11-${active}`,
        trained_at: active === "0" ? null : iso(Date.now() - 2 * DAY),
        base: { version: "2026.11", manifest: {} },
      },
      labels,
      scores: labelled
        ? [
            score("tone", null, null, 0.612, 0.671, 214),
            score("tone", "ru", null, 0.62, 0.68, 140),
            score("tone", "uk", null, 0.57, 0.58, 51),
            score("tone", null, first?.id ?? "1", 0.6, 0.66, 120),
            score("tone", null, second?.id ?? "2", 0.66, 0.61, 40),
            score("intents", null, null, 0.55, 0.57, 61),
            score("spam", null, null, 0.9, 0.94, 33),
            { ...score("relevance", null, first?.id ?? "1", 0.5, 0.87, 52), metric: "auc" },
          ]
        : [],
      confusion: labelled
        ? [
            [61, 14, 3],
            [9, 70, 8],
            [2, 10, 37],
          ]
        : null,
      drift: {
        weeks: labelled
          ? [5, 4, 3, 2, 1].map((back) => ({
              week: iso(Date.now() - back * 7 * DAY).slice(0, 10),
              negative: 300 + (back === 2 ? 260 : back * 10),
              neutral: 520,
              positive: 180 + back * 4,
              unsure: 90 + back,
            }))
          : [],
      },
      judged: { done: state.mentions.length - 40, total: state.mentions.length },
      history: labelled
        ? [
            past("4", "refused", "На отложенной части не лучше прежней: 0,668 против 0,671", 0.671, 0.668, 1),
            past("3", active === "3" ? "active" : "retired", null, 0.64, 0.671, 2),
            past("2", active === "2" ? "active" : "retired", null, 0.612, 0.64, 16),
          ]
        : [],
      training: state.model.training,
      automatic: {
        rest: state.model.training ? "running" : (state.model.rest ?? "too_few_labels"),
        labels: 12,
        needed: 50,
        not_before: active === "0" ? null : iso(Date.now() + DAY / 2),
      },
      second_opinions: active === "0" ? null : { by: "encoder", name: "bert-12x384", today: 1_204, a_day: 5_000 },
    });
  }
  const past = (id, state, reason, before, after, days) => ({
    id,
    created_at: iso(Date.now() - days * DAY),
    state,
    reason,
    before,
    after,
  });

  return [
    [
      "GET",
      "/api/mentions/:id/explanation",
      ({ id }) =>
        state.unexplained
          ? problem(404, "not_found", "запись удалена в своей сети: её слов больше нет")
          : found(
              state.mentions.find((one) => one.id === id && one.machine),
              (one) => explanation(one, state.locale),
            ),
    ],
    ["GET", "/api/labelling", () => ok(labelling())],
    [
      "POST",
      "/api/labelling",
      () => {
        if (state.labelled.size >= state.mentions.length)
          return problem(409, "nothing_to_label", "Все недели уже размечены");
        state.labelled.size += 12;
        return ok(labelling());
      },
    ],
    ["GET", "/api/labelling/next", () => ok(next())],
    [
      "POST",
      "/api/labelling/:id",
      ({ id, body }) => {
        state.labelled.answers.push({ id, ...body });
        return ok(next());
      },
    ],
    [
      "DELETE",
      "/api/labelling/:id",
      ({ id }) => {
        state.labelled.answers = state.labelled.answers.filter((one) => one.id !== id);
        return ok(next());
      },
    ],
    ["POST", "/api/questions/understanding", understanding],
    ["GET", "/api/model", model],
    [
      "POST",
      "/api/model/train",
      () => {
        state.model.training = { done: 0, total: 300 };
        return ok(state.model.training, 202);
      },
    ],
    [
      "POST",
      "/api/model/:id/activate",
      ({ id }) => {
        state.model.active = id;
        return model();
      },
    ],
  ];
}
