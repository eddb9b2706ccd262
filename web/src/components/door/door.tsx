import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Segments } from "~/components/segments";
import { chooseLocale } from "~/state/locale";
import { LOCALE_NAMES, LOCALES, type Locale } from "~/state/preferences";
import { useLocale } from "../use-locale";
import css from "./door.module.css";

/** The page before the app: sign-in and first run, with the choice of language. */
export function Door({ title, wide = false, children }: { title: string; wide?: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <div className={css.page}>
      <header className={css.top}>
        <span className={css.brand}>
          <img src="/mark.svg" alt="" width={28} height={28} /> Molva
        </span>
        <Segments
          label={t("settings.language")}
          value={locale}
          options={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
          onChange={(value) => void chooseLocale(value as Locale).catch(() => {})}
        />
      </header>
      <main className={`card ${css.card}`} data-wide={wide}>
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  );
}
