import { useTranslation } from "react-i18next";
import { number } from "~/lib/format";
import type { Selection } from "~/lib/selection";
import { useLocale } from "../use-locale";
import { Drill } from "./drill";
import css from "./lists.module.css";

interface RestProps {
  distinct: number;
  shown: number;
  /** Mentions of the values that are not shown. */
  others: number;
  /** Mentions without any value. */
  without: number;
  part: Selection;
}

/** What the list does not show: the tail, and what has no value. */
export function Rest({ distinct, shown, others, without, part }: RestProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (distinct <= shown && without === 0) return null;
  return (
    <p className={css.rest}>
      {distinct > shown && (
        <span>{t("questions.rest.others", { count: distinct - shown, mentions: number(others, locale) })}</span>
      )}
      {without > 0 && <Drill part={part}>{t("questions.rest.without", { count: without })}</Drill>}
    </p>
  );
}
