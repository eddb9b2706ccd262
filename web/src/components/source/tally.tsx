import { useTranslation } from "react-i18next";
import type { Tally } from "~/api/types";
import { number, percent } from "~/lib/format";
import { useLocale } from "../use-locale";
import css from "./sources.module.css";

const PARTS = ["stored", "unmatched", "duplicate", "updated", "rejected"] as const;

/** Received = stored + unmatched + duplicate + updated + rejected, as an equation and as a bar. */
export function TallyBar({ tally, large = false }: { tally: Tally; large?: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <div className={css.tally}>
      <div className={css.equation} data-large={large}>
        <span className={css.term} title={t("tally.receivedHint")}>
          <b>{number(tally.received, locale)}</b> {t("tally.received")}
        </span>
        {PARTS.map((part, index) => (
          <span key={part} className={css.term} title={t(`tally.${part}Hint`)}>
            <span aria-hidden>{index === 0 ? "=" : "+"}</span>
            <i style={{ background: `var(--m-series-${part})` }} aria-hidden />
            <b>{number(tally[part], locale)}</b> {t(`tally.${part}`)}
          </span>
        ))}
      </div>
      <div className={css.bar} aria-hidden>
        {tally.received > 0 &&
          PARTS.filter((part) => tally[part] > 0).map((part) => (
            <span
              key={part}
              style={{ flexGrow: tally[part], background: `var(--m-series-${part})` }}
              title={`${t(`tally.${part}`)}: ${percent(tally[part] / tally.received, locale)}`}
            />
          ))}
      </div>
    </div>
  );
}
