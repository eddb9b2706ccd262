import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Locale } from "~/state/preferences";

/** The language in use, for numbers and dates. */
export function useLocale(): Locale {
  return useTranslation().i18n.language as Locale;
}

const TICK_MS = 20_000;
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The present moment, moving every twenty seconds for all who look at it. */
export function useNow(): number {
  const [value, setValue] = useState(() => Date.now());
  useEffect(() => {
    const listen = () => setValue(now);
    listeners.add(listen);
    timer ??= setInterval(() => {
      now = Date.now();
      for (const listener of listeners) listener();
    }, TICK_MS);
    return () => {
      listeners.delete(listen);
      if (listeners.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
    };
  }, []);
  return value;
}
