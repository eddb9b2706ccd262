import { useTranslation } from "react-i18next";
import type { Timeline } from "~/api/archive";
import { number } from "~/lib/format";
import { bucketWords } from "~/lib/timeline";
import { Dialog } from "../dialog";
import { useLocale } from "../use-locale";
import css from "./timeline.module.css";

/** The figures behind the timeline. */
export function TimelineTable({ answer, onClose }: { answer: Timeline; onClose: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = bucketWords(answer.unit, answer.time_zone, locale);
  return (
    <Dialog opened onClose={onClose} title={t("search.timeline.title")}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <div className={css.scroll} tabIndex={0} role="region" aria-label={t("search.timeline.table")}>
        <table className={css.table}>
          <caption>{t("search.timeline.zone", { zone: answer.time_zone })}</caption>
          <thead>
            <tr>
              <th scope="col">{t("search.timeline.when")}</th>
              <th scope="col">{t("search.timeline.mentions")}</th>
            </tr>
          </thead>
          <tbody>
            {answer.buckets.map((bucket) => (
              <tr key={bucket.from}>
                <th scope="row">{words.whole(bucket)}</th>
                <td>{number(bucket.mentions, locale)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}
