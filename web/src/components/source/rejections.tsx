import { useTranslation } from "react-i18next";
import type { SourceLedger } from "~/api/types";
import { number, percent } from "~/lib/format";
import { useLocale } from "../use-locale";
import css from "./tables.module.css";

/** Why items were rejected, most frequent first. */
export function Rejections(props: { rejections: SourceLedger["rejections"]; total: number }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (props.rejections.length === 0) return null;
  const sorted = [...props.rejections].sort((a, b) => b.count - a.count);
  return (
    <section className={`card ${css.card}`}>
      <h2>{t("rejections.title")}</h2>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t("rejections.reason")}</th>
            <th scope="col">{t("rejections.count")}</th>
            <th scope="col">{t("rejections.share")}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map(({ reason, count }) => (
            <tr key={reason}>
              <td>{t(`reason.${reason}`)}</td>
              <td>{number(count, locale)}</td>
              <td>{props.total > 0 ? percent(count / props.total, locale) : "—"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
