// Stories of the mock: mentions of the same few texts, which can be split and merged.
import { found, ok, problem } from "./answers.mjs";
import { newId } from "./posts.mjs";

const HOUR = 3_600_000;
/** Texts of a post that begin so are a story; the others stand alone. */
const BEGINNINGS = ["Третий день", "Билайн открыл", "Знову Білайн", "Beeline down", "Ребята, займите"];

/** Says of every mention which story it belongs to, and how many do. */
export function tellStories(state) {
  for (const mention of state.mentions) {
    if (mention.story) continue;
    const index = BEGINNINGS.findIndex((start) => mention.post.text.includes(start));
    if (index >= 0 && mention.post.text.length < 300) mention.story = { id: String(9001 + index), posts: 1 };
  }
  recount(state);
}

function recount(state) {
  const counts = new Map();
  for (const { story } of state.mentions) if (story) counts.set(story.id, (counts.get(story.id) ?? 0) + 1);
  for (const mention of state.mentions) {
    if (mention.story) mention.story = { id: mention.story.id, posts: counts.get(mention.story.id) };
  }
}

const membersOf = (state, id) =>
  state.mentions
    .filter((one) => one.story?.id === id)
    .sort((a, b) => (a.post.published_at < b.post.published_at ? -1 : 1));

function storyOf(state, id) {
  const members = membersOf(state, id);
  const [first] = members;
  if (!first) return undefined;
  const networks = new Map();
  for (const { post } of members) networks.set(post.network, (networks.get(post.network) ?? 0) + 1);
  return {
    id,
    title: first.post.text.slice(0, 200),
    posts: members.length,
    mentions: members.length,
    first_at: first.post.published_at,
    last_at: members.at(-1).post.published_at,
    networks: [...networks].sort((a, b) => b[1] - a[1]).map(([network, posts]) => ({ network, posts })),
    topic_ids: [...new Set(members.map((one) => one.topic_id))],
    split_by_people: (state.splits ?? []).includes(id),
  };
}

export const allStories = (state) =>
  [...new Set(state.mentions.flatMap((one) => (one.story ? [one.story.id] : [])))]
    .map((id) => storyOf(state, id))
    .filter((story) => story.posts > 1);

function opened(state, id) {
  const story = storyOf(state, id);
  if (!story) return undefined;
  const members = membersOf(state, id);
  const [from, to] = [Date.parse(story.first_at), Date.parse(story.last_at)];
  const size = Math.max(HOUR, Math.ceil((to - from + 1) / 60 / HOUR) * HOUR);
  const buckets = [];
  for (let at = Math.floor(from / size) * size; at <= to; at += size) {
    const inside = members.filter(({ post }) => {
      const when = Date.parse(post.published_at);
      return when >= at && when < at + size;
    });
    const networks = {};
    for (const { post } of inside) networks[post.network] = (networks[post.network] ?? 0) + 1;
    const [begin, end] = [new Date(at), new Date(at + size)];
    buckets.push({ from: begin.toISOString(), to: end.toISOString(), mentions: inside.length, networks });
  }
  const tones = { negative: 0, neutral: 0, positive: 0, unjudged: 0 };
  for (const { tone } of members) tones[tone ?? "unjudged"] += 1;
  return {
    ...story,
    timeline: { unit: "hour", time_zone: "Europe/Moscow", buckets },
    first: members[0],
    tones,
    incomplete: null,
    missing: [],
  };
}

export function storyRoutes({ state, emit }) {
  return [
    [
      "GET",
      "/api/stories",
      ({ params }) => {
        const [topic, from] = [params.get("topic"), params.get("from")];
        const list = allStories(state)
          .filter((one) => (!topic || one.topic_ids.includes(topic)) && (!from || one.last_at >= from))
          .sort((a, b) => (params.get("order") === "newest" ? (a.last_at < b.last_at ? 1 : -1) : b.posts - a.posts));
        const start = Number(params.get("cursor") ?? 0);
        const limit = Number(params.get("limit") ?? 40);
        return ok({
          items: list.slice(start, start + limit),
          next_cursor: start + limit < list.length ? String(start + limit) : null,
        });
      },
    ],
    ["GET", "/api/stories/:id", ({ id }) => found(opened(state, id), (story) => story)],
    [
      "POST",
      "/api/stories/:id/merge",
      ({ id, body }) => {
        if (!storyOf(state, id) || !storyOf(state, body.with)) return problem(404, "not_found", "");
        for (const one of membersOf(state, body.with)) one.story = { ...one.story, id };
        recount(state);
        emit("story.changed", id);
        return ok(storyOf(state, id));
      },
    ],
    [
      "POST",
      "/api/stories/:id/split",
      ({ id, body }) => {
        const members = membersOf(state, id);
        const named = (one) => body.post_ids.includes(one.post.id);
        // A story keeps its first post: where that is named, the others leave.
        const leaving = members.filter((one) => named(one) !== named(members[0]));
        if (leaving.length === 0) return problem(422, "invalid_fields", "не называет ни одной записи сюжета");
        const made = newId();
        for (const one of leaving) one.story = { ...one.story, id: made };
        state.splits = [...(state.splits ?? []), made];
        recount(state);
        emit("story.changed", id);
        return ok(storyOf(state, made));
      },
    ],
  ];
}
