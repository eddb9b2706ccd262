import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { speak } from "./api/client";
import type en from "./locales/en.json";
import type topics from "./locales/topics.en.json";
import { LOCALES, type Locale, localePreference } from "./state/preferences";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en & typeof topics };
  }
}

type Files = Record<Locale, () => Promise<{ default: object }>>;

/** Only the language in use is loaded. The files hold the same keys (a test sees to it), so none falls back to another. */
const files: Files = {
  ru: () => import("./locales/ru.json"),
  uk: () => import("./locales/uk.json"),
  en: () => import("./locales/en.json"),
};

/** The words of the topics' pages come with those pages. */
const topicFiles: Files = {
  ru: () => import("./locales/topics.ru.json"),
  uk: () => import("./locales/topics.uk.json"),
  en: () => import("./locales/topics.en.json"),
};

let withTopics = false;

/** Must be through before a page is shown that writes topics, queries or lists. */
export async function speakOfTopics(): Promise<void> {
  withTopics = true;
  await addTopics(localePreference.get());
}

async function addTopics(locale: Locale): Promise<void> {
  const texts = (await topicFiles[locale]()).default;
  i18next.addResourceBundle(locale, "translation", texts, true, true);
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
  if (withTopics) await addTopics(locale);
  localePreference.set(locale);
  await i18next.changeLanguage(locale);
  announce(locale);
}

function announce(locale: Locale): void {
  speak(locale);
  document.documentElement.lang = locale;
}
