import { useTranslation } from "react-i18next";
import type { Estimate } from "~/api/types";
import { differs, margin, whisker } from "~/lib/estimate";
import { decimal, percent } from "~/lib/format";
import css from "./estimate.module.css";
import { signed } from "./questions/signed";
import { useLocale } from "./use-locale";

interface EstimatedProps {
  /** As counted: a share between 0 and 1, or points. */
  share: number | null;
  estimate: Estimate | null;
  /** A figure with a sign, -100 to 100, instead of a share. */
  points?: boolean;
  large?: boolean;
}

/** A figure corrected by what people labelled, with its interval, beside the counted one. */
export function EstimatedShare({ share, estimate, points = false, large = false }: EstimatedProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const written = (value: number) => (points ? signed(value, locale) : percent(value, locale));
  const raw = share === null ? "—" : written(share);
  if (!estimate) {
    return (
      <span className={css.estimate} data-large={large}>
        <span className={css.raw}>{raw}</span>
      </span>
    );
  }
  const { value, low, high, audited, covered } = estimate;
  return (
    <span
      className={css.estimate}
      data-large={large}
      title={[
        t("estimate.hint", { low: written(low), high: written(high), count: audited }),
        t("estimate.covers", { share: percent(covered, locale) }),
      ].join(". ")}
    >
      <strong>{written(value)}</strong>
      <span className={css.margin}>± {decimal(margin(estimate) * (points ? 1 : 100), locale, 1)}</span>
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
