// The five questions, their trust, their definitions and the notes on the time line.
import { ok, problem } from "./answers.mjs";
import { chosen, communityTitle, followersOf, gapsOf, makeArchive, nameOf } from "./archive.mjs";
import { newId } from "./posts.mjs";
import { AHEAD, DAY, edgesOf, estimatesOf, grouped, reachOf, suitedUnit, tonesOf } from "./question-sums.mjs";

const TONES = ["negative", "neutral", "positive"];
const ZONE = "Europe/Moscow";
const iso = (at) => new Date(at).toISOString();

const FIGURES = {
  volume: [
    "mentions",
    "per_day",
    "authors",
    "potential_reach",
    "reach",
    "net_sentiment",
    "share",
    "share_weighted",
    "share_of_voice",
    "share_of_voice_weighted",
  ],
  rhythm: ["bucket_mentions", "bucket_before", "gap", "heat"],
  places: ["place_mentions", "place_share"],
  authors: ["author_mentions", "author_share", "followers", "repeat"],
  words: ["word_mentions", "word_share", "baseline_share", "lift", "typical", "rising", "phrase_share"],
};

export function questionRoutes({ state }) {
  let kept = null;
  const all = () => {
    // Made when it is first asked for, and anew when the topics are others.
    const key = state.topics.map((topic) => topic.id).join();
    if (kept?.key !== key) kept = { key, now: Date.now(), rows: makeArchive(state.topics, Date.now()) };
    return kept.rows;
  };
  const told = () => ({ incomplete: state.archive.incomplete, missing: state.archive.missing });
  state.annotations = [];
  /** For tests: how many mentions a selection of the page finds. */
  state.countArchive = (selection) => chosen(all(), selection).length;

  /** Breaks one question when a test asks for it. */
  const unless = (name, answer) => (call) =>
    state.broken?.includes(name)
      ? problem(422, "busy", "Слишком много вопросов сразу, повторите через минуту")
      : answer(call);

  function totals(selection) {
    const rows = chosen(all(), selection);
    const authors = grouped(rows, (row) => row.author);
    const tones = tonesOf(rows);
    const shared = state.topics.filter((topic) => topic.kind !== "market");
    const listed = state.topics.filter((topic) => topic.kind !== "market" || selection.topic?.includes(topic.id));
    const ofTopic = new Map(listed.map((topic) => [topic.id, chosen(all(), { ...selection, topic: [topic.id] })]));
    const base = shared.reduce((sum, topic) => sum + ofTopic.get(topic.id).length, 0);
    const reachBase = shared.reduce((sum, topic) => sum + reachOf(ofTopic.get(topic.id)), 0);
    const own = state.topics.filter((topic) => topic.kind === "own");
    const from = Date.parse(selection.from ?? iso(rows[0]?.at ?? Date.now()));
    const to = Date.parse(selection.to ?? iso(Date.now()));
    return {
      period: { from: iso(from), to: iso(to) },
      mentions: rows.length,
      authors: authors.size,
      potential_reach: [...authors.keys()].reduce((sum, author) => sum + (followersOf(author) ?? 0), 0),
      reach_unknown: [...authors.keys()].filter((author) => followersOf(author) === null).length,
      views: rows.length * 31,
      tones,
      estimates: estimatesOf(state, tones),
      net_sentiment: rows.length ? ((tones.positive - tones.negative) / rows.length) * 100 : null,
      per_day: rows.length / Math.max(1, (to - from) / DAY),
      share_of_voice: base ? own.reduce((sum, topic) => sum + ofTopic.get(topic.id).length, 0) / base : null,
      share_of_voice_weighted: reachBase
        ? own.reduce((sum, topic) => sum + reachOf(ofTopic.get(topic.id)), 0) / reachBase
        : null,
      topics: listed.map((topic) => {
        const mine = ofTopic.get(topic.id);
        const own = tonesOf(mine);
        const market = topic.kind === "market";
        return {
          topic_id: topic.id,
          kind: topic.kind,
          level: topic.level,
          mentions: mine.length,
          reach: reachOf(mine),
          share: base && !market ? mine.length / base : null,
          share_weighted: reachBase && !market ? reachOf(mine) / reachBase : null,
          tones: own,
          estimates: estimatesOf(state, own),
          net_sentiment: mine.length ? ((own.positive - own.negative) / mine.length) * 100 : null,
          selected: !selection.topic?.length || selection.topic.includes(topic.id),
        };
      }),
    };
  }

  function volume({ body: { selection = {}, compare } }) {
    return ok({
      ...totals(selection),
      before: compare ? totals({ ...selection, ...compare }) : null,
      ...told(),
    });
  }

  function rhythm({ body: { selection = {}, unit: wanted, compare } }) {
    const rows = chosen(all(), selection);
    const now = Date.now();
    const from = selection.from ? Date.parse(selection.from) : Math.floor((rows[0]?.at ?? now) / DAY) * DAY;
    const to = selection.to ? Date.parse(selection.to) : now;
    const unit = wanted ?? suitedUnit(to - from);
    const edges = edgesOf(unit, from, to);
    const gaps = gapsOf(now).filter((gap) => Date.parse(gap.from) < to && Date.parse(gap.to) > from);
    const back = compare ? from - Date.parse(compare.from) : 0;
    const before = compare ? chosen(all(), { ...selection, ...compare }) : null;
    const buckets = edges.slice(1).map((end, index) => {
      const start = edges[index];
      const inside = rows.filter((row) => row.at >= start && row.at < end);
      return {
        from: iso(start),
        to: iso(end),
        mentions: inside.length,
        ...tonesOf(inside),
        gap: gaps.some((gap) => Date.parse(gap.from) < end && Date.parse(gap.to) > start),
        before: before ? before.filter((row) => row.at >= start - back && row.at < end - back).length : null,
        before_from: before ? iso(start - back) : null,
        before_to: before ? iso(end - back) : null,
      };
    });
    const heat = Array.from({ length: 7 }, () => Array(24).fill(0));
    for (const row of rows) {
      const date = new Date(row.at + AHEAD);
      heat[(date.getUTCDay() + 6) % 7][date.getUTCHours()] += 1;
    }
    return ok({
      unit,
      time_zone: ZONE,
      buckets,
      estimates: estimatesOf(state, tonesOf(rows)),
      heat,
      gaps: gaps.map(({ network: _, ...gap }) => gap),
      ...told(),
    });
  }

  function places({ body: { selection = {}, limit = 20 } }) {
    const rows = chosen(all(), selection);
    const list = (facet) => {
      const groups = [...grouped(rows, (row) => row[facet])].filter(([value]) => value !== "");
      groups.sort((a, b) => b[1].length - a[1].length);
      return {
        values: groups.slice(0, limit).map(([value, inside]) => ({
          value,
          label: facet === "community" ? communityTitle(value) : value,
          mentions: inside.length,
          share: rows.length ? inside.length / rows.length : null,
          ...tonesOf(inside),
          reach: reachOf(inside),
        })),
        distinct: groups.length,
        others: groups.slice(limit).reduce((sum, [, inside]) => sum + inside.length, 0),
        without: rows.filter((row) => row[facet] === "").length,
      };
    };
    return ok({
      mentions: rows.length,
      estimates: estimatesOf(state, tonesOf(rows)),
      networks: list("network"),
      sites: list("site"),
      communities: list("community"),
      countries: list("country"),
      regions: list("region"),
      cities: list("city"),
      ...told(),
    });
  }

  function authors({ body: { selection = {}, limit = 20 } }) {
    const rows = chosen(all(), selection);
    const groups = [...grouped(rows, (row) => row.author)];
    const shape = ([author, inside]) => ({
      author,
      name: nameOf(author),
      handle: nameOf(author).startsWith("user") ? nameOf(author) : null,
      network: inside[0].network,
      url: null,
      followers: followersOf(author),
      verified: null,
      mentions: inside.length,
      share: inside.length / rows.length,
      ...tonesOf(inside),
    });
    const repeat = groups.filter(([, inside]) => inside.length > 1).length;
    return ok({
      mentions: rows.length,
      distinct: groups.length,
      repeat,
      repeat_share: groups.length ? repeat / groups.length : null,
      potential_reach: groups.reduce((sum, [author]) => sum + (followersOf(author) ?? 0), 0),
      without: 0,
      authors: [...groups]
        .sort((a, b) => b[1].length - a[1].length)
        .slice(0, limit)
        .map(shape),
      loudest: [...groups]
        .sort((a, b) => (followersOf(b[0]) ?? -1) - (followersOf(a[0]) ?? -1))
        .slice(0, limit)
        .map(shape),
      ...told(),
    });
  }

  function words({ body: { selection = {}, baseline, limit = 40 } }) {
    const rows = chosen(all(), selection);
    const length = selection.from ? Date.parse(selection.to ?? iso(Date.now())) - Date.parse(selection.from) : 0;
    const against =
      baseline ?? (selection.from ? { from: iso(Date.parse(selection.from) - length), to: selection.from } : null);
    const before = chosen(all(), against ? { ...selection, ...against } : {});
    const list = (of, drill) => {
      const now = grouped(
        rows.flatMap((row) => of(row).map((value) => [value, row])),
        ([value]) => value,
      );
      const was = grouped(
        before.flatMap((row) => of(row).map((value) => [value, row])),
        ([value]) => value,
      );
      return [...now].map(([word, hits]) => {
        const mentions = new Set(hits.map(([, row]) => row)).size;
        const old = new Set((was.get(word) ?? []).map(([, row]) => row)).size;
        const share = mentions / rows.length;
        const oldShare = before.length ? old / before.length : null;
        return {
          word,
          mentions,
          share,
          baseline: old,
          baseline_share: oldShare,
          lift: oldShare ? share / oldShare : null,
          drill: { [drill]: [word] },
        };
      });
    };
    const single = (facet) => (row) => (row[facet] ? [row[facet]] : []);
    const byMentions = (found) => found.sort((a, b) => b.mentions - a.mentions).slice(0, limit);
    const plain = list((row) => row.words, "word");
    const phrases = plain.slice(0, 9).map((word, index) => {
      const share = word.share / (index + 3);
      return {
        phrase: `${word.word} ${plain[index + 1]?.word ?? "опять"}`,
        mentions: Math.round(share * 800),
        share,
        share_low: share * 0.8,
        share_high: share * 1.22,
        drill: { query: `"${word.word} ${plain[index + 1]?.word ?? "опять"}"` },
      };
    });
    return ok({
      mentions: rows.length,
      baseline: { from: against?.from ?? null, to: against?.to ?? null, mentions: before.length },
      typical: byMentions([...plain]),
      rising: [...plain]
        .filter((word) => word.baseline === 0 || word.lift > 1.05)
        .sort((a, b) => (b.lift ?? 99) - (a.lift ?? 99))
        .slice(0, limit),
      hashtags: byMentions(list(single("hashtag"), "hashtag")),
      emoji: byMentions(list(single("emoji"), "emoji")),
      links: byMentions(list(single("link"), "link")),
      phrases: { sampled: Math.min(800, rows.length), values: rows.length ? phrases : [] },
      ...told(),
    });
  }

  function trust({ body: { selection = {} } }) {
    const rows = chosen(all(), { ...selection, include: ["binned", "copies", "spam"] });
    const counted = chosen(all(), selection);
    const few = state.labelled.few ?? 0;
    const judged = counted.filter((row) => TONES.includes(row.tone)).length;
    const copies = rows.filter((row) => row.copy).length;
    const from = Date.parse(selection.from ?? iso(0));
    const to = Date.parse(selection.to ?? iso(Date.now()));
    const gaps = gapsOf(Date.now()).filter((gap) => Date.parse(gap.from) < to && Date.parse(gap.to) > from);
    const lost = gaps.reduce((sum, gap) => sum + Date.parse(gap.to) - Date.parse(gap.from), 0);
    const list = state.sources.map((source) => ({
      source_id: source.id,
      name: source.name,
      network: source.connector,
      state: source.state,
      delivering: ["running", "finished"].includes(source.state),
      gap_seconds: gaps
        .filter((gap) => gap.source_id === source.id)
        .reduce((sum, gap) => sum + (Date.parse(gap.to) - Date.parse(gap.from)) / 1000, 0),
    }));
    return ok({
      sources: { expected: list.length, delivering: list.filter((source) => source.delivering).length, list },
      gaps: gaps.map(({ network: _, ...gap }) => gap),
      gap_share: list.length ? lost / (list.length * Math.min(to - from, 730 * DAY)) : null,
      quota_cuts: [{ source_id: "14", name: "Bluesky: вся сеть", at: iso(Date.now() - 3 * DAY) }],
      duplicates: { mentions: copies, share: rows.length ? copies / rows.length : null },
      binned: rows.filter((row) => row.state === "binned").length,
      spam: rows.filter((row) => row.spam).length,
      judged_by_people: { mentions: judged, share: counted.length ? judged / counted.length : null },
      audited: state.labelled.audited
        ? { mentions: 180, people: 3, agreement: 0.74, since: iso(Date.now() - 60 * DAY) }
        : { mentions: few, people: few && 1, agreement: null, since: few ? iso(Date.now() - 2 * DAY) : null },
      score: state.score ?? (gaps.length ? "some" : "good"),
      reasons: gaps.length
        ? [
            "`mastodon.social` молчал 2,5 дня: упоминания за это время могли пропасть",
            "источник `Bluesky: вся сеть` обрезан квотой 1 раз",
          ]
        : ["все источники отдавали без пропусков"],
      ...told(),
    });
  }

  function figures() {
    const items = Object.entries(FIGURES).flatMap(([question, ids]) =>
      ids.map((id) => ({
        id,
        question,
        name: id.replaceAll("_", " "),
        unit: "mentions",
        formula: "Упоминания выбора за период, каждое один раз на тему",
        symbols: "n = |{m : m ∈ S}|",
        rows: "упоминания выбранных тем за выбранное время",
        excludes: "корзину, копии того же текста и вероятный спам",
        source: null,
      })),
    );
    return ok({ items });
  }

  return [
    ["GET", "/api/figures", figures],
    ["POST", "/api/questions/volume", unless("volume", volume)],
    ["POST", "/api/questions/rhythm", unless("rhythm", rhythm)],
    ["POST", "/api/questions/places", unless("places", places)],
    ["POST", "/api/questions/authors", unless("authors", authors)],
    ["POST", "/api/questions/words", unless("words", words)],
    ["POST", "/api/questions/trust", unless("trust", trust)],
    ["GET", "/api/annotations", () => ok({ items: state.annotations })],
    [
      "POST",
      "/api/annotations",
      ({ body }) => {
        const note = {
          id: newId(),
          until: null,
          topic_id: null,
          ...body,
          author: { id: "1", name: "Олена Ткач" },
          created_at: iso(Date.now()),
        };
        state.annotations.push(note);
        return ok(note, 201);
      },
    ],
    [
      "PUT",
      "/api/annotations/:id",
      ({ id, body }) =>
        ok(
          Object.assign(
            state.annotations.find((note) => note.id === id),
            body,
          ),
        ),
    ],
    [
      "DELETE",
      "/api/annotations/:id",
      ({ id }) => {
        state.annotations = state.annotations.filter((note) => note.id !== id);
        return { status: 204 };
      },
    ],
  ];
}
