import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Score } from "~/api/model";
import { topicsQuery } from "~/api/queries";
import type { Intent } from "~/api/types";
import { fixed, languageName, number } from "~/lib/format";
import { scoreRows, verdict } from "~/lib/model";
import { useLocale } from "../use-locale";
import css from "./model.module.css";

/** How good the model is, by what it judges, by language and by topic: the shipped one and this one, side by side. */
export function Scores({ scores }: { scores: readonly Score[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const topics = useQuery(topicsQuery).data ?? [];
  // Relevance is learnt topic by topic and has a part of its own.
  const rows = scoreRows(scores.filter(({ head }) => head !== "relevance"));
  const part = ({ language, topic_id }: Score) => {
    if (topic_id !== null) return topics.find((topic) => topic.id === topic_id)?.name ?? topic_id;
    return language === null ? t("model.whole") : languageName(language, locale);
  };
  // All rows share one scale, from the tenth below the lowest.
  const from = Math.floor(Math.min(0.9, ...rows.flatMap(({ low, before }) => [low ?? 1, before ?? 1])) * 10) / 10;
  const metric = (name: string) => {
    const [measure, intent] = name.split(":");
    const known = METRICS[measure ?? name] ?? name;
    return intent ? `${known}, ${t(`intent.${intent as Intent}`)}` : known;
  };
  const value = (score: number | null) => (score === null ? "—" : fixed(score, locale, 3));
  return (
    <section className={`card ${css.card}`}>
      <h2>{t("model.scores")}</h2>
      <p className={css.note}>{t("model.scoresHint")}</p>
      {rows.length === 0 ? (
        <p className={css.note}>{t("model.noScores")}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        <div className={css.scroll} role="group" tabIndex={0} aria-label={t("model.scores")}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{t("model.head")}</th>
                <th scope="col">{t("model.part")}</th>
                <th scope="col">{t("model.metric")}</th>
                <th scope="col">{t("model.before")}</th>
                <th scope="col">{t("model.after")}</th>
                <th scope="col">{t("model.interval")}</th>
                <th scope="col">{t("model.examples")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const said = verdict(row);
                return (
                  <tr key={`${row.head} ${row.language} ${row.topic_id} ${row.metric}`}>
                    <th scope="row">{t(`model.heads.${row.head}`)}</th>
                    <td data-words>{part(row)}</td>
                    <td data-words>{metric(row.metric)}</td>
                    <td>{value(row.before)}</td>
                    <td data-verdict={said}>
                      <strong>{value(row.after)}</strong>{" "}
                      {said !== "unknown" && <small>{t(`model.verdict.${said}`)}</small>}
                    </td>
                    <td>
                      {row.low === null || row.high === null ? (
                        "—"
                      ) : (
                        <>
                          <Interval row={row} from={from} /> {fixed(row.low, locale, 2)} – {fixed(row.high, locale, 2)}
                        </>
                      )}
                    </td>
                    <td>{number(row.examples, locale)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** Measures bear the same names in every language. */
const METRICS: Record<string, string> = {
  macro_f1: "macro F1",
  accuracy: "accuracy",
  average_recall: "average recall",
  f1: "F1",
  auc: "AUC",
};

/** Where the interval and the older score lie between `from` and 1. */
function Interval({ row: { low, high, before }, from }: { row: Score; from: number }) {
  if (low === null || high === null) return null;
  const place = (score: number) => ((score - from) / (1 - from)) * 100;
  return (
    <span className={css.interval} aria-hidden>
      <i style={{ left: `${place(low)}%`, width: `${place(high) - place(low)}%` }} />
      {before !== null && <b style={{ left: `${place(before)}%` }} />}
    </span>
  );
}
