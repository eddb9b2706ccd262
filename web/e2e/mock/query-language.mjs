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
    "tone",
    "Тональность; известна, когда пост сохранён",
    "The tone; known once a post is stored",
    ["tone:negative"],
    ["negative", "neutral", "positive"],
    "judged",
  ],
];
const OPERATORS = [
  ["OR", "хотя бы одно из двух", "one of the two"],
  ["AND", "оба; то же, что пробел", "both; the same as a space"],
  ["NOT", "первое без второго", "the first without the second"],
  ["ИЛИ", "хотя бы одно из двух", "one of the two"],
  ["НЕ", "первое без второго", "the first without the second"],
  ["NEAR/5", "не дальше пяти слов друг от друга", "at most five words apart"],
  ["ONEAR/5", "не дальше пяти слов, в этом порядке", "at most five words apart, in this order"],
  ["SENTENCE", "в одном предложении", "in one sentence"],
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
