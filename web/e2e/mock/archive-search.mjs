// What the archive of the mock finds: a few words and every list of a selection, over all its mentions.

/** The values a mention has of each facet; `""` stands for none. */
const VALUES = {
  topic: (one) => [one.topic_id],
  network: (one) => [one.post.network],
  site: (one) => [one.post.url ? new URL(one.post.url).host : ""],
  community: (one) => [one.post.community?.key ?? ""],
  author: (one) => [authorKey(one.post)],
  language: (one) => [one.post.language ?? ""],
  kind: (one) => [one.post.kind],
  tone: (one) => [one.tone ?? "none"],
  intent: (one) => (one.intents.length ? one.intents : ["none"]),
  stage: (one) => [one.stage ?? "none"],
  spam: (one) => [one.spam === null ? "none" : one.spam >= 0.5 ? "yes" : "no"],
  judged_by: (one) => [one.by_people.length ? "people" : one.machine ? "machine" : "none"],
  story: (one) => [one.story?.id ?? ""],
  tag: (one) => (one.tags.length ? one.tags : [""]),
  country: (one) => [placeOf(one)[0]],
  region: (one) => [placeOf(one)[1]],
  city: (one) => [placeOf(one)[2]],
  state: (one) => [one.state],
  hashtag: () => [""],
  link: (one) => (one.post.links.length ? one.post.links : [""]),
  emoji: () => [""],
  word: (one) => one.post.text.toLowerCase().match(/\p{L}+/gu) ?? [],
};

const PLACES = [
  ["", "", ""],
  ["RU", "Саратовская область", "Энгельс"],
  ["RU", "Саратовская область", "Саратов"],
  ["RU", "Москва", "Москва"],
  ["UA", "Київська область", "Київ"],
  ["KZ", "", ""],
];

function placeOf(one) {
  return PLACES[Number((BigInt(one.id) / 3n) % BigInt(PLACES.length))];
}

function authorKey(post) {
  return `${post.network}/${post.author.handle ?? post.author.name ?? ""}`;
}

export function labelOf(facet, value, mentions) {
  if (facet === "story") {
    const told = mentions.filter((one) => one.story?.id === value);
    return (
      told.sort((a, b) => (a.post.published_at < b.post.published_at ? -1 : 1))[0]?.post.text.slice(0, 200) ?? value
    );
  }
  if (facet === "author")
    return mentions.find((one) => authorKey(one.post) === value)?.post.author.name ?? value.split("/")[1];
  if (facet === "community")
    return mentions.find((one) => one.post.community?.key === value)?.post.community.title ?? value;
  return value;
}

/** All that are in the selection; a facet may be left out of it. */
export function select(mentions, selection, without) {
  const include = selection.include ?? [];
  const anyOf = (selection.query ?? "")
    .replace(/[()"]/g, " ")
    .split(" OR ")
    .map((side) => side.toLowerCase().match(/\p{L}+/gu) ?? []);
  return mentions.filter((one) => {
    if (one.state === "binned" && !include.includes("binned") && !selection.state?.includes("binned")) return false;
    const text = one.post.text.toLowerCase();
    if (!anyOf.some((words) => words.every((word) => text.includes(word)))) return false;
    if (selection.from && one.post.published_at < selection.from) return false;
    if (selection.to && one.post.published_at >= selection.to) return false;
    return Object.entries(VALUES).every(([facet, values]) => {
      const wanted = selection[facet];
      return !wanted?.length || facet === without || values(one).some((value) => wanted.includes(value));
    });
  });
}

export function sorted(mentions, order) {
  const by = {
    newest: (a, b) => (a.post.published_at < b.post.published_at ? 1 : -1),
    oldest: (a, b) => (a.post.published_at < b.post.published_at ? -1 : 1),
    reach: (a, b) => (b.post.author.followers ?? 0) - (a.post.author.followers ?? 0),
    relevance: (a, b) => a.post.text.length - b.post.text.length,
  };
  return [...mentions].sort(by[order] ?? by.newest);
}

/** The words of the query in the text, as the archive marks them. */
export function foundSpans(one, query) {
  const words = (query ?? "").match(/\p{L}{3,}/gu)?.filter((word) => !/^(AND|OR|NOT)$/.test(word)) ?? [];
  if (words.length === 0) return [];
  const pattern = new RegExp(words.map((word) => `${word}\\p{L}*`).join("|"), "giu");
  return [...one.post.text.matchAll(pattern)].map((hit) => ({
    in_title: false,
    start: hit.index,
    end: hit.index + hit[0].length,
  }));
}

export function facetOf(mentions, selection, facet, limit) {
  const counts = new Map();
  let without = 0;
  for (const one of select(mentions, selection, facet)) {
    for (const value of new Set(VALUES[facet](one))) {
      if (value === "" || value === "none") without += 1;
      else counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  const all = [...counts].sort((a, b) => b[1] - a[1]);
  return {
    facet,
    values: all.slice(0, limit).map(([value, count]) => ({
      value,
      label: labelOf(facet, value, mentions),
      mentions: count,
    })),
    distinct: all.length,
    others: all.slice(limit).reduce((sum, [, count]) => sum + count, 0),
    without,
  };
}

const HOUR = 3_600_000;
const AHEAD = 3 * HOUR;
const UNITS = [
  ["minute", 60_000],
  ["hour", HOUR],
  ["day", 24 * HOUR],
  ["week", 168 * HOUR],
];

/** Buckets of the workspace's zone, at most 200 of them. */
export function timelineOf(mentions, selection, now) {
  const found = select(mentions, selection);
  const times = found.map((one) => Date.parse(one.post.published_at));
  const from = selection.from ? Date.parse(selection.from) : Math.min(now - HOUR, ...times);
  const to = selection.to ? Date.parse(selection.to) : now;
  const [unit, size] = UNITS.find(([, length]) => (to - from) / length <= 200) ?? UNITS.at(-1);
  const buckets = [];
  // Moscow keeps its three hours all year round.
  for (let at = Math.floor((from + AHEAD) / size) * size - AHEAD; at < to; at += size) {
    const mine = times.filter((time) => time >= at && time < at + size).length;
    buckets.push({ from: new Date(at).toISOString(), to: new Date(at + size).toISOString(), mentions: mine });
  }
  return { unit, time_zone: "Europe/Moscow", buckets };
}
