// What the query language has, as the API tells it for completion and help.
const FIELDS = [
  [
    "network",
    "Сеть, из которой пришёл пост",
    "The network a post came from",
    ["network:telegram"],
    ["vk", "telegram", "mastodon", "bluesky", "feed", "youtube"],
  ],
  [
    "kind",
    "Вид поста",
    "What kind of post it is",
    ["kind:comment"],
    ["post", "comment", "reply", "repost", "quote", "message", "review", "article"],
  ],
  ["site", "Сайт, на котором пост стоит", "The site a post stands on", ["site:pikabu.ru"], []],
  ["author", "Кто написал", "Who wrote it", ["author:@name"], []],
  ["author.city", "Город автора", "The author's city", ["author.city:Энгельс"], []],
  [
    "followers",
    "Сколько у автора подписчиков",
    "How many follow the author",
    ["followers:>=1000", "followers:10..500"],
    [],
  ],
  ["title", "Слово в заголовке", "A word of the title", ["title:сбой"], []],
  ["lang", "Язык поста", "The language of a post", ["lang:uk"], ["ru", "uk", "en"]],
  [
    "has",
    "Что приложено",
    "What is attached",
    ["has:image"],
    ["image", "video", "audio", "document", "link", "question"],
  ],
  ["rating", "Оценка в отзыве", "The rating of a review", ["rating:<=2"], []],
  ["published", "Когда опубликован", "When it was published", ["published:>2026-03-01"], []],
  [
    "list",
    "Одно из слов или один из авторов списка",
    "One of the words or authors of a named list",
    ["list:работа"],
    [],
  ],
  [
    "tone",
    "Тональность; известна, когда пост сохранён",
    "The tone; known once a post is stored",
    ["tone:negative"],
    ["negative", "neutral", "positive"],
    "judged",
  ],
];
const OPERATORS = [
  ["слово", "слово в любой форме", "the word in any form"],
  ["=слово", "только эта форма", "this form only"],
  ['"точная фраза"', "эти формы подряд в этом порядке", "these forms side by side in this order"],
  ["a NEAR/5 b", "не дальше 5 слов друг от друга", "at most 5 positions apart"],
  ["a ONEAR/5 b", "не дальше 5 слов, в этом порядке", "at most 5 positions apart, in this order"],
  ["a SENTENCE b", "в одном предложении", "in one sentence"],
  ["2 OF (a, b, c)", "хотя бы два из них", "at least two of them"],
  ["a AND b", "оба; пробел значит то же", "both; a space means the same"],
  ["a OR b", "одно из них; `|` значит то же", "one of them; `|` means the same"],
  ["NOT a", "без него; `-a` значит то же", "without it; `-a` means the same"],
];

export function languageOf(locale, lists) {
  const english = locale === "en";
  return {
    fields: FIELDS.map(([name, ru, en, examples, values, stage = "post"]) => ({
      name,
      about: english ? en : ru,
      examples,
      values,
      stage,
    })),
    operators: OPERATORS.map(([write, ru, en]) => ({ write, about: english ? en : ru })),
    lists,
  };
}
