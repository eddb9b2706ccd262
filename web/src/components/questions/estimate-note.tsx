import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { trustQuery } from "~/api/questions";
import type { Estimate } from "~/api/types";
import { FEWEST_LABELS, ground } from "~/lib/estimate";
import { percent } from "~/lib/format";
import type { Selection } from "~/lib/selection";
import { useLocale } from "../use-locale";
import { useQuestions } from "./context";
import css from "./tone-shares.module.css";

interface EstimateNoteProps {
  estimates: readonly (Estimate | null)[];
  selection?: Selection;
}

/** What the corrected figures rest on, or why there are none and what to do about it. */
export function EstimateNote({ estimates, selection }: EstimateNoteProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const page = useQuestions();
  const labelled = useQuery(trustQuery(selection ?? page.selection)).data?.audited.mentions;
  const rests = ground(estimates);
  if (rests) {
    const share = percent(rests.covered, locale);
    return (
      <p className={css.note}>
        <span>{t("estimate.rests", { count: rests.audited })}</span>
        <span title={t(rests.covered < 0.995 ? "estimate.coversPart" : "estimate.coversAll", { share })}>
          {t("estimate.part", { share })}
        </span>
        <span>{t("estimate.drawn")}</span>
      </p>
    );
  }
  if (labelled === undefined) return <p className={css.note}>&nbsp;</p>;
  return (
    <p className={css.note}>
      <span>
        {labelled === 0
          ? t("estimate.nobody")
          : labelled < FEWEST_LABELS
            ? t("estimate.few", { count: labelled, needed: FEWEST_LABELS })
            : t("estimate.thin")}
      </span>
      <Link to="/labelling">{t("estimate.label")}</Link>
    </p>
  );
}
