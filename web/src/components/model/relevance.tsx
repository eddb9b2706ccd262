import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Score } from "~/api/model";
import { topicsQuery } from "~/api/queries";
import { fixed, number } from "~/lib/format";
import { useLocale } from "../use-locale";
import css from "./model.module.css";

/** How well the model tells what belongs to a topic from what people put into its bin. */
export function Relevance({ scores }: { scores: readonly Score[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const topics = useQuery(topicsQuery).data ?? [];
  const learnt = scores.filter(({ head, topic_id }) => head === "relevance" && topic_id !== null);
  const of = (id: string) => learnt.find(({ topic_id }) => topic_id === id);
  return (
    <section className={`card ${css.card}`} data-testid="relevance">
      <h2>{t("model.relevance.title")}</h2>
      <p className={css.note}>{t(learnt.length > 0 ? "model.relevance.lead" : "model.relevance.none")}</p>
      {learnt.length === 0 && (
        <p className={css.note}>
          <Link to="/stream">{t("model.relevance.toStream")}</Link>
        </p>
      )}
      {learnt.length > 0 && (
        <ul className={css.topics}>
          {topics.map((topic) => {
            const score = of(topic.id);
            return (
              <li key={topic.id}>
                <Link to="/stream" search={{ topic: [topic.id] }}>
                  {topic.name}
                </Link>
                {score && score.after !== null ? (
                  <span>
                    AUC <strong>{fixed(score.after, locale, 2)}</strong>{" "}
                    {score.low !== null && score.high !== null && (
                      <span className="dim">
                        {fixed(score.low, locale, 2)} – {fixed(score.high, locale, 2)},{" "}
                      </span>
                    )}
                    <span className="dim">
                      {t("model.relevance.measured", { count: score.examples, shown: number(score.examples, locale) })}
                    </span>
                  </span>
                ) : (
                  <span className="dim">{t("model.relevance.tooFew")}</span>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
