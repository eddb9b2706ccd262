import { createStore, type Store } from "./store";

/** What this browser remembers for its reader. Nothing here is secret, and losing it costs nothing. */
export const LOCALES = ["ru", "uk", "en"] as const;
export type Locale = (typeof LOCALES)[number];
export const SCHEMES = ["auto", "light", "dark"] as const;
export type Scheme = (typeof SCHEMES)[number];
export const DENSITIES = ["comfortable", "compact"] as const;
export type Density = (typeof DENSITIES)[number];

/** The name of each language in itself. */
export const LOCALE_NAMES: Record<Locale, string> = { ru: "Русский", uk: "Українська", en: "English" };

function remembered<T extends string>(key: string, allowed: readonly T[], fallback: T): Store<T> {
  const place = `molva.${key}`;
  const store = createStore<T>(read(place, allowed) ?? fallback);
  return {
    ...store,
    set(next) {
      store.set(next);
      try {
        localStorage.setItem(place, next);
      } catch {
        // Storage may be forbidden or full; the choice then holds until the page is closed.
      }
    },
  };
}

function read<T extends string>(place: string, allowed: readonly T[]): T | undefined {
  try {
    const value = localStorage.getItem(place) as T | null;
    return value !== null && allowed.includes(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The first of the browser's languages that the app speaks. */
function guessLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    const known = LOCALES.find((locale) => locale === language.slice(0, 2).toLowerCase());
    if (known) return known;
  }
  return "en";
}

export const localePreference = remembered<Locale>("locale", LOCALES, guessLocale(navigator.languages ?? []));
export const schemePreference = remembered<Scheme>("scheme", SCHEMES, "auto");
export const densityPreference = remembered<Density>("density", DENSITIES, "comfortable");
export const shortcutsPreference = remembered<"on" | "off">("shortcuts", ["on", "off"], "on");
export const railPreference = remembered<"wide" | "narrow">("rail", ["wide", "narrow"], "wide");
export const effectsPreference = remembered<"on" | "off">("effects", ["on", "off"], "off");
export const timelinePreference = remembered<"on" | "off">("timeline", ["on", "off"], "on");
/** Answers of the labelling game are set on the mentions themselves, too. */
export const applyPreference = remembered<"on" | "off">("labelling.apply", ["on", "off"], "off");
