// What the mock server knows and what happens in it.
import { makeMention, newId, seeded } from "./posts.mjs";
import { makeHours, makeSources, sum } from "./sources.mjs";
import { tellStories } from "./stories.mjs";

function makeLists(now) {
  const list = (id, name, kind, entries, days) => ({
    id,
    name,
    kind,
    entries,
    version: 2,
    created_at: new Date(now - 9e8).toISOString(),
    updated_at: new Date(now - days * 86_400_000).toISOString(),
  });
  return [
    list("71", "работа", "words", ["вакансия", "резюме", "ищем сотрудника", "подработка"], 2),
    list("72", "обзорщики", "authors", ["@obzor_svyazi", "@simtest", "Анна Петренко"], 30),
  ];
}

export function createWorld({ mentions = 400, setup = false, empty = false, days = 0 } = {}) {
  const random = seeded(7);
  const now = Date.now();
  const state = {
    down: false,
    /** Whatever is asked for stays unanswered: what a page shows meanwhile can be looked at in peace. */
    held: false,
    setup,
    signedIn: false,
    locale: "ru",
    topics: [],
    sources: empty ? [] : makeSources(now),
    mentions: [],
    tokens: [],
    views: [],
    workspace: { id: "1", name: "Molva", time_zone: "Europe/Moscow" },
    archive: { incomplete: null, missing: [], rebuilding: null, slow_ms: 0, arrives_meanwhile: false },
    lists: empty || setup ? [] : makeLists(now),
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
      topicOf("Мегафон", "competitor", "мегафон OR megafon NOT list:работа"),
      topicOf("Домашний интернет", "market", '"домашний интернет" OR (wifi NEAR/5 дома)'),
    ];
    const apart = days > 0 ? (days * 86_400_000) / mentions : 47_000;
    for (let index = 0; index < mentions; index += 1) {
      // Spread over days, they come in waves, as people do.
      const wave = days > 0 ? Math.sin(index / 40) * apart * 15 : 0;
      state.mentions.push(
        makeMention(random, now - Math.max(0, index * apart + wave) - 5_000, state.topics, state.sources),
      );
    }
    tellStories(state);
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
      tellStories(state);
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
  return { state, random, topicOf, emit, arrive, tallies, withTally, withMentions };
}
