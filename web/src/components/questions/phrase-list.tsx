import { useTranslation } from "react-i18next";
import { percent } from "~/lib/format";
import type { Phrase } from "~/lib/questions/shapes";
import { useLocale } from "../use-locale";
import { Drill } from "./drill";
import css from "./words.module.css";

const MOST = 15;

/** Phrases with the span their share lies in: they are counted in a sample, so no single figure is the truth. */
export function PhraseList({ phrases }: { phrases: readonly Phrase[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const shown = phrases.slice(0, MOST);
  const end = Math.max(0.001, ...shown.map((phrase) => phrase.share_high));
  return (
    <ol className={css.phrases} aria-label={t("questions.words.phrases")}>
      {shown.map((phrase) => (
        <li key={phrase.phrase}>
          <Drill part={phrase.drill} className={css.phrase} title={phrase.phrase}>
            {phrase.phrase}
          </Drill>
          <span className={css.range} aria-hidden>
            <span
              className={css.span}
              style={{
                left: `${(phrase.share_low / end) * 100}%`,
                width: `${((phrase.share_high - phrase.share_low) / end) * 100}%`,
              }}
            />
            <span className={css.point} style={{ left: `${(phrase.share / end) * 100}%` }} />
          </span>
          <span className={css.interval}>
            {percent(phrase.share_low, locale)} – {percent(phrase.share_high, locale)}
          </span>
        </li>
      ))}
    </ol>
  );
}
