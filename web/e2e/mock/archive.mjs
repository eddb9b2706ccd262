// Two years of invented mentions, small enough to count anew at every question: the same every time, seen from now.
import { seeded } from "./posts.mjs";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
export const COUNT = 9_000;

const NETWORKS = ["vk", "telegram", "mastodon", "bluesky", "feed", "wordpress"];
const SITES = {
  feed: ["gorod.example", "novosti.example", "biznes.example"],
  wordpress: ["blog.example", "tarif.example"],
};
const COMMUNITIES = [
  ["vk/123", "Подслушано в Энгельсе"],
  ["vk/77", "Типичный Саратов"],
  ["telegram/svyaz", "Связь и тарифы"],
];
const PLACES = [
  ["RU", "Саратовская область", "Саратов"],
  ["RU", "Saratovskaya oblast", "Энгельс"],
  ["UA", "Київська область", "Київ"],
  ["UA", "Львівська область", "Львів"],
  ["KZ", "Алматы", "Алматы"],
  ["DE", "Berlin", "Berlin"],
];
const WORDS = [
  "интернет",
  "тариф",
  "поддержка",
  "роутер",
  "скорость",
  "оператор",
  "договор",
  "приложение",
  "роуминг",
  "вышка",
  "симка",
  "офис",
  "счёт",
  "пинг",
  "канал",
  "кабель",
  "мастер",
  "заявка",
];
const FRESH = ["сбой", "авария", "возврат", "отключение"];
const HASHTAGS = ["#билайн", "#связь", "#тариф", "#интернет", "#сбой"];
const EMOJI = ["😡", "🙏", "👍", "😂", "🤦"];
const LINKS = [
  "https://status.example/now",
  "https://www.example.org/tariffs/unlimited",
  "https://gorod.example/2026/avaria",
];
const NAMES = [
  "Олена Ткач",
  "Игорь Савельев",
  "Maria Keller",
  "Новости связи",
  "Тарас",
  "anna",
  "Городской портал",
  "Дед Мороз",
];

/** Weight of each hour of the day, and of each day of the week from Monday. */
const HOURS = [2, 1, 1, 1, 1, 2, 4, 7, 10, 13, 14, 13, 12, 12, 12, 13, 14, 15, 17, 19, 18, 14, 9, 5];
const DAYS = [10, 10, 11, 10, 10, 7, 6];

export function gapsOf(now) {
  const at = (back) => new Date(now - back).toISOString();
  return [
    {
      source_id: "13",
      source: "mastodon.social",
      network: "mastodon",
      from: at(9 * DAY),
      to: at(6.5 * DAY),
      cause: "disconnected",
    },
    {
      source_id: "14",
      source: "Bluesky: вся сеть",
      network: "bluesky",
      from: at(7 * DAY),
      to: at(6 * DAY),
      cause: "overflow",
    },
    {
      source_id: "12",
      source: "Городские новости",
      network: "feed",
      from: at(131 * DAY),
      to: at(128 * DAY),
      cause: "stopped",
    },
  ];
}

export function makeArchive(topics, now) {
  if (topics.length === 0) return [];
  const random = seeded(11);
  const rare = (list) => list[Math.floor(random() ** 2.4 * list.length)];
  const pick = (list) => list[Math.floor(random() * list.length)];
  const gaps = gapsOf(now).map((gap) => ({ ...gap, from: Date.parse(gap.from), to: Date.parse(gap.to) }));
  const made = [];
  while (made.length < COUNT) {
    // Later days have more; a storm stands three weeks back.
    const back = random() < 0.06 ? 21 * DAY + (random() - 0.5) * 3 * DAY : random() ** 1.6 * 730 * DAY;
    const day = Math.floor((now - back) / DAY) * DAY;
    const weekday = (new Date(day).getUTCDay() + 6) % 7;
    if (random() * 11 > DAYS[weekday]) continue;
    const hour = Math.floor(random() * 24);
    if (random() * 19 > HOURS[hour]) continue;
    const at = day + (hour - 3) * HOUR + Math.floor(random() * HOUR);
    if (at >= now) continue;
    const network = NETWORKS[Math.floor(random() ** 1.7 * NETWORKS.length)];
    if (gaps.some((gap) => gap.network === network && at >= gap.from && at < gap.to)) continue;
    const storm = back > 19 * DAY && back < 23 * DAY;
    const topic = topics[Math.min(topics.length - 1, Math.floor(random() ** (storm ? 3 : 1.4) * topics.length))];
    const judged = random() < 0.55;
    const place = random() < 0.4 ? pick(PLACES) : ["", "", ""];
    const author = Math.floor(random() ** 2.2 * 900);
    const community = network === "vk" || network === "telegram" ? pick([...COMMUNITIES, null]) : null;
    made.push({
      at,
      topic: topic.id,
      network,
      site: SITES[network] ? pick(SITES[network]) : `${network}.example`,
      community: community?.[0] ?? "",
      country: place[0],
      region: place[1],
      city: place[2],
      author: author.toString(16).padStart(16, "0"),
      language: pick(["ru", "ru", "ru", "uk", "en"]),
      tone: judged ? (random() < (storm ? 0.8 : 0.38) ? "negative" : random() < 0.55 ? "neutral" : "positive") : "none",
      state: random() < 0.06 ? "binned" : "new",
      copy: random() < 0.08,
      spam: random() < 0.03,
      words: [rare(WORDS), rare(WORDS), ...(back < 30 * DAY && random() < 0.3 ? [pick(FRESH)] : [])],
      hashtag: random() < 0.2 ? pick(HASHTAGS) : "",
      emoji: random() < 0.15 ? pick(EMOJI) : "",
      link: random() < 0.12 ? pick(LINKS) : "",
    });
  }
  return made.sort((a, b) => a.at - b.at);
}

/** Followers of an author: unknown for a seventh of them. */
export function followersOf(author) {
  const number = Number.parseInt(author, 16);
  return number % 7 === 0 ? null : Math.floor((((number * 7919) % 1000) / 1000) ** 5 * 480_000) + 40;
}

export function nameOf(author) {
  const number = Number.parseInt(author, 16);
  return number < NAMES.length ? NAMES[number] : `user_${number}`;
}

export function communityTitle(key) {
  return COMMUNITIES.find(([known]) => known === key)?.[1] ?? key;
}

const LISTS = [
  "topic",
  "network",
  "site",
  "community",
  "author",
  "language",
  "tone",
  "country",
  "region",
  "city",
  "hashtag",
  "emoji",
  "link",
];

/** The mentions of a selection, by the rules of the real one. */
export function chosen(all, selection = {}) {
  const include = selection.include ?? [];
  const from = selection.from ? Date.parse(selection.from) : Number.NEGATIVE_INFINITY;
  const to = selection.to ? Date.parse(selection.to) : Number.POSITIVE_INFINITY;
  const lists = LISTS.filter((name) => selection[name]?.length);
  return all.filter(
    (one) =>
      one.at >= from &&
      one.at < to &&
      (include.includes("binned") || selection.state?.includes("binned") || one.state !== "binned") &&
      (include.includes("copies") || !one.copy) &&
      (include.includes("spam") || !one.spam) &&
      lists.every((name) => selection[name].includes(one[name])) &&
      (!selection.word?.length || selection.word.some((word) => one.words.includes(word))) &&
      (!selection.query || one.words.some((word) => selection.query.includes(word))),
  );
}
