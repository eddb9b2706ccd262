import { describe, expect, it } from "vitest";
import en from "./en.json";
import questionsEn from "./questions.en.json";
import questionsRu from "./questions.ru.json";
import questionsUk from "./questions.uk.json";
import repliesEn from "./replies.en.json";
import repliesRu from "./replies.ru.json";
import repliesUk from "./replies.uk.json";
import ru from "./ru.json";
import searchEn from "./search.en.json";
import searchRu from "./search.ru.json";
import searchUk from "./search.uk.json";
import sourcesEn from "./sources.en.json";
import sourcesRu from "./sources.ru.json";
import sourcesUk from "./sources.uk.json";
import topicsEn from "./topics.en.json";
import topicsRu from "./topics.ru.json";
import topicsUk from "./topics.uk.json";
import uk from "./uk.json";
import understandingEn from "./understanding.en.json";
import understandingRu from "./understanding.ru.json";
import understandingUk from "./understanding.uk.json";

type Texts = { [key: string]: string | Texts };
const FILES: Record<string, Texts> = {
  en: { ...en, ...topicsEn, ...searchEn, ...questionsEn, ...understandingEn, ...repliesEn, ...sourcesEn },
  ru: { ...ru, ...topicsRu, ...searchRu, ...questionsRu, ...understandingRu, ...repliesRu, ...sourcesRu },
  uk: { ...uk, ...topicsUk, ...searchUk, ...questionsUk, ...understandingUk, ...repliesUk, ...sourcesUk },
};
const PLURAL = /_(zero|one|two|few|many|other)$/;

function flat(texts: Texts, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === "string") found.set(prefix + key, value);
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) found.set(inner, text);
  }
  return found;
}

const bases = (locale: string) => new Set([...flat(FILES[locale] ?? {}).keys()].map((key) => key.replace(PLURAL, "")));
const holes = (text: string) => [...text.matchAll(/{{\s*(\w+)/g)].map((hole) => hole[1]).sort();

describe.each(Object.keys(FILES))("%s", (locale) => {
  const texts = flat(FILES[locale] ?? {});

  it("has the keys of English, no more and no less", () => {
    expect([...bases(locale)].sort()).toEqual([...bases("en")].sort());
  });

  it("has every plural form of its language", () => {
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    const plurals = [...texts.keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, ""));
    const missing = [...new Set(plurals)]
      .flatMap((key) => forms.map((form) => `${key}_${form}`))
      .filter((key) => !texts.has(key));
    expect(missing).toEqual([]);
  });

  it("has no empty text", () => {
    expect([...texts].filter(([, text]) => text.trim() === "").map(([key]) => key)).toEqual([]);
  });

  it("fills the same holes as English", () => {
    const english = flat(FILES.en ?? {});
    const wrong = [...texts].filter(([key, text]) => {
      const base = english.get(key) ?? english.get(key.replace(PLURAL, "_other")) ?? "";
      return String(holes(text)) !== String(holes(base));
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  });
});

it("Russian and Ukrainian are not left in English", () => {
  const english = flat(FILES.en ?? {});
  const same = (locale: string) =>
    [...flat(FILES[locale] ?? {})]
      .filter(([key, text]) => /[a-z]{4,}/i.test(text) && english.get(key) === text)
      .map(([key]) => key);
  expect({ ru: same("ru"), uk: same("uk") }).toEqual({ ru: [], uk: [] });
});
