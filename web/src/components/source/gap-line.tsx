import { useTranslation } from "react-i18next";
import type { Gap } from "~/api/types";
import { duration, exact } from "~/lib/format";
import { Icon } from "../icon";
import { useLocale, useNow } from "../use-locale";
import css from "./tables.module.css";

const MOST = 50;

/** When something may have been missed, and why. */
export function GapLine({ gaps }: { gaps: Gap[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const newest = [...gaps].sort((a, b) => b.from.localeCompare(a.from)).slice(0, MOST);
  return (
    <section className={`card ${css.card}`}>
      <h2>{t("gaps.title")}</h2>
      {newest.length === 0 ? (
        <p className={css.good}>
          <Icon name="check" size={14} /> {t("gaps.none")}
        </p>
      ) : (
        <ol className={css.line}>
          {newest.map((gap) => {
            const end = gap.to ? Date.parse(gap.to) : now;
            return (
              <li key={gap.from} data-open={gap.to === null}>
                <strong>{t(`gapCause.${gap.cause}`)}</strong>
                <span>
                  {exact(gap.from, locale)} — {gap.to ? exact(gap.to, locale) : t("gaps.open")}
                </span>
                <span className="dim">{duration((end - Date.parse(gap.from)) / 1000, locale)}</span>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
