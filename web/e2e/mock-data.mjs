// Invented posts for the mock server: three languages, several networks, copies, long texts, odd cases.

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
  return {
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
    created_at: new Date(at + 2000).toISOString(),
  };
}

export function makeHours(random, now, scale) {
  return Array.from({ length: 24 }, (_, index) => {
    const received = Math.floor((Math.sin((index - 4) / 4) + 1.2) * scale * (0.7 + random() * 0.6));
    const rejected = Math.floor(received * 0.01);
    const duplicate = Math.floor(received * 0.04);
    const stored = Math.floor(received * 0.2);
    return {
      hour: new Date(Math.floor(now / 3_600_000) * 3_600_000 - (23 - index) * 3_600_000).toISOString(),
      received,
      stored,
      unmatched: received - stored - duplicate - rejected,
      duplicate,
      rejected,
    };
  });
}

export const sum = (tallies) =>
  tallies.reduce(
    (total, one) => ({
      received: total.received + one.received,
      stored: total.stored + one.stored,
      unmatched: total.unmatched + one.unmatched,
      duplicate: total.duplicate + one.duplicate,
      rejected: total.rejected + one.rejected,
    }),
    { received: 0, stored: 0, unmatched: 0, duplicate: 0, rejected: 0 },
  );

export function makeSources(now) {
  const base = { settings: {}, secret_keys: [], quota: null, problem: null, next_attempt_at: null, lag_seconds: 2.4 };
  const ago = (seconds) => new Date(now - seconds * 1000).toISOString();
  const of = (id, connector, name, state, more) => ({
    id,
    connector,
    name,
    state,
    created_at: ago(500000),
    last_success_at: ago(12),
    last_item_at: ago(35),
    newest_published_at: ago(40),
    ...base,
    ...more,
  });
  return [
    of("11", "demo", "Демо-поток", "running", {}),
    of("12", "feed", "Городские новости", "running", {
      lag_seconds: 340,
      next_attempt_at: new Date(now + 240000).toISOString(),
      settings: { url: "https://example.org/feed.xml" },
    }),
    of("13", "mastodon", "mastodon.social", "failing", {
      lag_seconds: 5400,
      last_item_at: ago(5400),
      last_success_at: ago(5300),
      next_attempt_at: new Date(now + 60000).toISOString(),
      secret_keys: ["token"],
      problem: {
        code: "transient",
        message: "mastodon.social не отвечает: время ожидания вышло",
        advice: "Проверьте, открывается ли сервер в браузере; Molva попробует снова через минуту",
        since: ago(5300),
      },
    }),
    of("14", "bluesky", "Bluesky: вся сеть", "silent", {
      last_item_at: ago(1900),
      quota: { limit: 3000, remaining: 640, resets_at: new Date(now + 200000).toISOString() },
      problem: {
        code: "silent",
        message: "ничего нового уже 31 минуту",
        advice: "Обычно здесь несколько постов в секунду; проверьте слова отбора",
        since: ago(1900),
      },
    }),
    of("15", "push", "Наша CRM", "paused", { lag_seconds: null, last_item_at: null, last_success_at: null }),
  ];
}

const text = (ru, uk, en) => ({ ru, uk, en });
export const CONNECTORS = [
  {
    name: "feed",
    title: text("RSS и Atom", "RSS і Atom", "RSS and Atom"),
    summary: text(
      "Ленты сайтов, блогов и форумов. Достаточно адреса страницы.",
      "Стрічки сайтів, блогів і форумів. Досить адреси сторінки.",
      "Feeds of sites, blogs and forums. The address of a page is enough.",
    ),
    mode: "poll",
    capabilities: {
      keyword_listen: false,
      account_listen: true,
      backfill: false,
      delete_events: false,
      metrics: false,
    },
    settings: [
      {
        key: "url",
        kind: "url",
        required: true,
        default: null,
        placeholder: "https://example.org",
        label: text("Адрес", "Адреса", "Address"),
        help: text(
          "Лента или страница: ленту Molva найдёт сама",
          "Стрічка або сторінка: стрічку Molva знайде сама",
          "A feed or a page: Molva finds the feed by itself",
        ),
      },
      {
        key: "interval",
        kind: "number",
        required: false,
        default: "300",
        placeholder: null,
        min: 60,
        max: 86400,
        label: text("Не чаще, секунд", "Не частіше, секунд", "Not more often than, seconds"),
        help: text("", "", ""),
      },
    ],
  },
  {
    name: "mastodon",
    title: text("Mastodon", "Mastodon", "Mastodon"),
    summary: text(
      "Публичные ленты и хештеги сервера, вживую.",
      "Публічні стрічки й хештеги сервера, наживо.",
      "Public timelines and hashtags of a server, live.",
    ),
    mode: "stream",
    capabilities: { keyword_listen: true, account_listen: true, backfill: true, delete_events: true, metrics: true },
    settings: [
      {
        key: "server",
        kind: "url",
        required: true,
        default: "https://mastodon.social",
        placeholder: null,
        label: text("Сервер", "Сервер", "Server"),
        help: text("", "", ""),
      },
      {
        key: "token",
        kind: "secret",
        required: true,
        default: null,
        placeholder: null,
        label: text("Токен доступа", "Токен доступу", "Access token"),
        help: text(
          "Настройки → Разработка → Новое приложение",
          "Налаштування → Розробка → Новий застосунок",
          "Preferences → Development → New application",
        ),
      },
      {
        key: "what",
        kind: "choice",
        required: true,
        default: "public",
        placeholder: null,
        choices: [
          ["public", text("Вся публичная лента", "Уся публічна стрічка", "The whole public timeline")],
          ["tags", text("Хештеги", "Хештеги", "Hashtags")],
        ],
        label: text("Что слушать", "Що слухати", "What to listen to"),
        help: text("", "", ""),
      },
      {
        key: "tags",
        kind: "list",
        required: false,
        default: null,
        placeholder: "molva",
        label: text("Хештеги", "Хештеги", "Hashtags"),
        help: text("По одному на строку, без #", "По одному на рядок, без #", "One a line, without #"),
      },
      {
        key: "replies",
        kind: "flag",
        required: false,
        default: "true",
        placeholder: null,
        label: text("Вместе с ответами", "Разом із відповідями", "With replies"),
        help: text("", "", ""),
      },
    ],
  },
  {
    name: "push",
    title: text("Своя программа", "Своя програма", "Your own program"),
    summary: text(
      "Любая программа присылает посты по HTTP с подписью.",
      "Будь-яка програма надсилає дописи через HTTP із підписом.",
      "Any program sends posts over HTTP, signed.",
    ),
    mode: "push",
    capabilities: {},
    settings: [],
  },
];
