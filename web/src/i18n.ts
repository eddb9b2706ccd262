import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { speak } from "./api/client";
import type en from "./locales/en.json";
import type questions from "./locales/questions.en.json";
import type replies from "./locales/replies.en.json";
import type search from "./locales/search.en.json";
import type sources from "./locales/sources.en.json";
import type topics from "./locales/topics.en.json";
import type understanding from "./locales/understanding.en.json";
import { LOCALES, type Locale, localePreference } from "./state/preferences";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: {
      translation: typeof en &
        typeof topics &
        typeof search &
        typeof questions &
        typeof understanding &
        typeof replies &
        typeof sources;
    };
  }
}

type Files = Record<Locale, () => Promise<{ default: object }>>;

/** Only the language in use is loaded. The files hold the same keys (a test sees to it), so none falls back to another. */
const files: Files = {
  ru: () => import("./locales/ru.json"),
  uk: () => import("./locales/uk.json"),
  en: () => import("./locales/en.json"),
};

/** The words of some pages come with those pages. */
const parts = {
  /** Topics, queries and lists. */
  topics: {
    ru: () => import("./locales/topics.ru.json"),
    uk: () => import("./locales/topics.uk.json"),
    en: () => import("./locales/topics.en.json"),
  },
  /** Choosing and searching mentions. */
  search: {
    ru: () => import("./locales/search.ru.json"),
    uk: () => import("./locales/search.uk.json"),
    en: () => import("./locales/search.en.json"),
  },
  questions: {
    ru: () => import("./locales/questions.ru.json"),
    uk: () => import("./locales/questions.uk.json"),
    en: () => import("./locales/questions.en.json"),
  },
  /** What mentions mean: estimates, labelling, stories, the model. */
  understanding: {
    ru: () => import("./locales/understanding.ru.json"),
    uk: () => import("./locales/understanding.uk.json"),
    en: () => import("./locales/understanding.en.json"),
  },
  /** Replies, and the accounts they go out from. */
  replies: {
    ru: () => import("./locales/replies.ru.json"),
    uk: () => import("./locales/replies.uk.json"),
    en: () => import("./locales/replies.en.json"),
  },
  /** Where posts are collected from. */
  sources: {
    ru: () => import("./locales/sources.ru.json"),
    uk: () => import("./locales/sources.uk.json"),
    en: () => import("./locales/sources.en.json"),
  },
} satisfies Record<string, Files>;

export type TextPart = keyof typeof parts;
const spoken = new Set<TextPart>();

/** Must be through before a page is shown that uses the words of these parts. */
export async function speakOf(...names: TextPart[]): Promise<void> {
  for (const name of names) spoken.add(name);
  await addParts(names, localePreference.get());
}

async function addParts(names: Iterable<TextPart>, locale: Locale): Promise<void> {
  const texts = await Promise.all([...names].map((name) => parts[name][locale]()));
  for (const { default: text } of texts) i18next.addResourceBundle(locale, "translation", text, true, true);
}

export async function startI18n(): Promise<void> {
  const locale = localePreference.get();
  await i18next.use(initReactI18next).init({
    lng: locale,
    supportedLngs: [...LOCALES],
    fallbackLng: false,
    resources: { [locale]: { translation: (await files[locale]()).default } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  announce(locale);
}

export async function changeLocale(locale: Locale): Promise<void> {
  if (!i18next.hasResourceBundle(locale, "translation")) {
    i18next.addResourceBundle(locale, "translation", (await files[locale]()).default);
  }
  await addParts(spoken, locale);
  localePreference.set(locale);
  await i18next.changeLanguage(locale);
  announce(locale);
}

function announce(locale: Locale): void {
  speak(locale);
  document.documentElement.lang = locale;
}
