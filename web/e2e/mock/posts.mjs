// Invented posts for the mock server: three languages, several networks, copies, long texts, odd cases.
import { judged } from "./judgement.mjs";

const NETWORKS = ["mastodon", "bluesky", "feed", "wordpress", "vk", "telegram", "demo"];
const AUTHORS = [
  ["Олена Ткач", "olena_tkach", "uk"],
  ["Игорь Савельев", "isavelyev", "ru"],
  ["Maria Keller", "mkeller", "en"],
  ["Новости связи", "svyaz_news", "ru"],
  ["Тарас", "taras_k", "uk"],
  ["anna", null, "ru"],
  ["Thomas O’Brien-Featherstonehaugh of Upper Slaughter", "a_rather_long_handle_indeed", "en"],
  [null, "nobody", "en"],
];
const TEXTS = {
  ru: [
    "Третий день без интернета, Билайн молчит. Звонил в поддержку — обещают «в течение суток», и так по кругу. Кто-нибудь на Лесной ещё сидит без связи?",
    "Перешла на тариф билайна с безлимитом, пока всё летает. Посмотрим через месяц.",
    "Подскажите, у кого в Энгельсе лучше ловит: Билайн или Мегафон? Выбираю между ними для дачи.",
    "Билайн открыл новый салон на проспекте. Очередь как за сыром.",
    "Ребята, займите до пятницы 500 рублей, на билайн скинуть надо, номер тот же",
  ],
  uk: [
    "Знову Білайн лежить, другий вечір поспіль. Оператор каже, що аварія на лінії, а сусід на іншому провайдері дивиться футбол.",
    "Дякую підтримці Beeline, за десять хвилин усе полагодили. Приємно здивований.",
    "Хто підкаже, чи можна перенести номер на Білайн, якщо договір на батька?",
  ],
  en: [
    "Beeline down again in my street. Support says a fibre cut, no estimate. Anyone nearby with the same?",
    "Honestly impressed by Beeline roaming on this trip: no surprises on the bill, and it just worked on the train.",
    "Comparing Beeline and two others for a small office, forty people. What should I ask about before signing?",
  ],
};
const TAGS = ["связь", "тариф", "поддержка", "outage", "roaming", "продажа"];
const WORDS = /билайн\p{L}*|білайн\p{L}*|beeline/giu;

/** A generator that gives the same numbers every time. */
export function seeded(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

let nextId = 7_400_000_000_000_000_000n;
export const newId = () => String(nextId++);

export function makeMention(random, at, topics, sources, text) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const [name, handle, language] = pick(AUTHORS);
  const body = text ?? pick(TEXTS[language]);
  const long =
    random() < 0.08
      ? `${"Начну издалека, чтобы было понятно, о чём речь и почему я пишу именно сюда. ".repeat(6)}\n\n${body}`
      : body;
  const network = pick(NETWORKS);
  const topic = topics[0] && random() < 0.75 ? topics[0] : pick(topics);
  const published = new Date(at).toISOString();
  const titled = network === "feed" || network === "wordpress";
  const spans = [...long.matchAll(WORDS)].map((hit) => ({
    in_title: false,
    start: hit.index,
    end: hit.index + hit[0].length,
  }));
  return judged({
    id: newId(),
    topic_id: topic.id,
    topic_ids: [topic.id],
    source_id: pick(sources).id,
    post: {
      id: newId(),
      urn: `urn:smm:${network}:post:${newId()}`,
      network,
      kind: random() < 0.3 ? "comment" : "post",
      title: titled ? "Связь в городе: что происходит" : null,
      text: long,
      language,
      url: random() < 0.9 ? `https://example.org/${network}/${Math.floor(random() * 1e6)}` : null,
      published_at: published,
      fetched_at: new Date(at + 1800).toISOString(),
      author: {
        name,
        handle,
        url: handle ? `https://example.org/@${handle}` : null,
        followers: random() < 0.7 ? Math.floor(random() ** 4 * 400000) : null,
        verified: random() < 0.1,
        bot: random() < 0.03,
        city: language === "ru" ? "Энгельс" : null,
        region: language === "ru" ? "Саратовская область" : null,
        country: language === "ru" ? "RU" : null,
      },
      community:
        random() < 0.4 ? { key: "vk/123", title: "Подслушано в Энгельсе", url: "https://example.org/c/123" } : null,
      links: random() < 0.2 ? ["https://www.example.org/tariffs/unlimited?utm=1"] : [],
      media: random() < 0.15 ? [{ kind: "image", url: "https://example.org/1.jpg", alt: null }] : [],
      engagement: {
        likes: random() < 0.6 ? Math.floor(random() * 900) : null,
        reposts: random() < 0.3 ? Math.floor(random() * 90) : null,
        comments: random() < 0.4 ? Math.floor(random() * 60) : null,
        views: random() < 0.2 ? Math.floor(random() * 20000) : null,
        rating: null,
      },
      in_reply_to: null,
      repost_of: null,
      deleted: false,
    },
    spans,
    state: random() < 0.15 ? "kept" : "new",
    tone: random() < 0.45 ? pick(["negative", "neutral", "positive"]) : null,
    tags: random() < 0.3 ? [pick(TAGS)] : [],
    copies: random() < 0.1 ? Math.floor(random() * 40) + 1 : 0,
    copy_of: null,
    edits: 0,
    answers: null,
    created_at: new Date(at + 2000).toISOString(),
  });
}
