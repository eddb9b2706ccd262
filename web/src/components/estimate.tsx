import { useTranslation } from "react-i18next";
import type { Estimate } from "~/api/understanding";
import { differs, margin, whisker } from "~/lib/estimate";
import { decimal, percent } from "~/lib/format";
import css from "./estimate.module.css";
import { useLocale } from "./use-locale";

interface EstimatedShareProps {
  /** As counted, 0 to 1. */
  share: number | null;
  estimate: Estimate | null;
  large?: boolean;
}

/** A share corrected by what people labelled, with its interval, beside the raw one. */
export function EstimatedShare({ share, estimate, large = false }: EstimatedShareProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const raw = share === null ? "—" : percent(share, locale);
  if (!estimate) {
    return (
      <span className={css.estimate} data-large={large}>
        <span className={css.raw}>{raw}</span>
      </span>
    );
  }
  return (
    <span
      className={css.estimate}
      data-large={large}
      title={t("estimate.hint", {
        low: percent(estimate.low, locale),
        high: percent(estimate.high, locale),
        count: estimate.audited,
      })}
    >
      <strong>{percent(estimate.value, locale)}</strong>
      <span className={css.margin}>± {decimal(margin(estimate) * 100, locale, 1)}</span>
      <span className={css.raw} data-differs={differs(share, estimate)}>
        {t("estimate.counted", { share: raw })}
      </span>
    </span>
  );
}

/** The interval over a bar that is `most` long: a line from end to end with a dot at the corrected value. */
export function Whisker({ estimate, most }: { estimate: Estimate; most: number }) {
  const { left, width, at } = whisker(estimate, most);
  return (
    <>
      <span className={css.whisker} style={{ left: `${left}%`, width: `${width}%` }} aria-hidden />
      <span className={css.point} style={{ left: `${at}%` }} aria-hidden />
    </>
  );
}
