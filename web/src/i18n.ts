import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { speak } from "./api/client";
import type en from "./locales/en.json";
import { LOCALES, type Locale, localePreference } from "./state/preferences";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

/** Only the language in use is loaded. The files hold the same keys (a test sees to it), so none falls back to another. */
const files: Record<Locale, () => Promise<{ default: object }>> = {
  ru: () => import("./locales/ru.json"),
  uk: () => import("./locales/uk.json"),
  en: () => import("./locales/en.json"),
};

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
  localePreference.set(locale);
  await i18next.changeLanguage(locale);
  announce(locale);
}

function announce(locale: Locale): void {
  speak(locale);
  document.documentElement.lang = locale;
}
