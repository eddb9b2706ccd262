import { updateMe } from "~/api/operations";
import { sessionQuery } from "~/api/queries";
import type { Me } from "~/api/types";
import { changeLocale } from "~/i18n";
import { queryClient } from "~/query-client";
import { LOCALES, type Locale, localePreference } from "./preferences";

/** Speaks another language at once; who is signed in gets it everywhere and the server's own words are asked for anew. */
export async function chooseLocale(locale: Locale): Promise<void> {
  await changeLocale(locale);
  const me = queryClient.getQueryData(sessionQuery.queryKey);
  if (!me || me.user.locale === locale) return;
  queryClient.setQueryData(sessionQuery.queryKey, await updateMe({ locale }));
  await queryClient.invalidateQueries({ predicate: ({ queryKey }) => !KEPT.has(String(queryKey[0])) });
}

/** What holds no words of the server. */
const KEPT = new Set(["mentions", "mention", "session"]);

/** Who signs in on another browser is met in their own language. */
export async function followAccount(me: Me): Promise<void> {
  const known = LOCALES.find((locale) => locale === me.user.locale);
  if (known && known !== localePreference.get()) await changeLocale(known);
}
