import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { sourceSearchQuery } from "~/api/queries";
import type { SourceSearch } from "~/api/types";
import { number } from "~/lib/format";
import { PageError } from "../page-error";
import { useLocale } from "../use-locale";
import css from "./sources.module.css";

type TopicSearch = SourceSearch["topics"][number];

/** What the network is asked for of what the topics look for, and what it cannot be told. */
export function AskedPanel({ id }: { id: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const query = useQuery(sourceSearchQuery(id));
  if (query.isError && !query.data) return <PageError error={query.error} reset={() => void query.refetch()} />;
  if (!query.data?.by_topics) return null;
  const { topics, count, most } = query.data;
  return (
    <section className={`card ${css.card}`} aria-label={t("asked.title")}>
      <h2>{t("asked.title")}</h2>
      <p className="dim">
        {count === 0 ? t("asked.nothing") : t("asked.of", { count: number(count, locale), most: number(most, locale) })}
      </p>
      {topics.map((topic) => (
        <Topic key={topic.topic_id} topic={topic} />
      ))}
      <p className="dim">{t("asked.hint")}</p>
    </section>
  );
}

function Topic({ topic }: { topic: TopicSearch }) {
  const { t } = useTranslation();
  return (
    <div>
      <h3>
        <Link to="/topics/$id" params={{ id: topic.topic_id }}>
          {topic.topic}
        </Link>
      </h3>
      {topic.queries.length === 0 && topic.missing.length === 0 && <p className="dim">{t("asked.elsewhere")}</p>}
      {topic.queries.length > 0 && (
        <details>
          <summary>{t("asked.queries")}</summary>
          {topic.queries.map((text) => (
            <p key={text} style={{ overflowWrap: "anywhere" }}>
              <code>{text}</code>
            </p>
          ))}
        </details>
      )}
      <Untold title={t("asked.missing")} parts={topic.missing} />
      <Untold title={t("asked.widened")} parts={topic.widened} />
    </div>
  );
}

function Untold({ title, parts }: { title: string; parts: TopicSearch["missing"] }) {
  const { t } = useTranslation();
  if (parts.length === 0) return null;
  return (
    <>
      <p>{title}</p>
      <ul>
        {parts.map((part) => (
          <li key={`${part.why} ${part.written}`} style={{ overflowWrap: "anywhere" }}>
            {t(`asked.why.${part.why}`)}: <code>{part.written}</code>
          </li>
        ))}
      </ul>
    </>
  );
}
