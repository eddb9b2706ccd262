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

/** Where there are more, the searches of each are shown on request. */
const FEW_TOPICS = 5;

/**
 * What the network is asked for of what the topics look for, and what it cannot be told. `askable` says whether the settings let it be
 * asked for the topics at all.
 */
export function AskedPanel({ id, askable }: { id: string; askable: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const query = useQuery(sourceSearchQuery(id));
  if (query.isError && !query.data) return <PageError error={query.error} reset={() => void query.refetch()} />;
  if (!query.data || !(query.data.by_topics || askable)) return null;
  const { by_topics, topics, count, most } = query.data;
  return (
    <section className={`card ${css.card}`} aria-label={t("asked.title")}>
      <h2>{t("asked.title")}</h2>
      {by_topics ? (
        <>
          <p className="dim">
            {count === 0
              ? t("asked.nothing")
              : t("asked.of", { count: number(count, locale), most: number(most, locale) })}
          </p>
          {topics.map((topic) => (
            <Topic key={topic.topic_id} topic={topic} open={topics.length <= FEW_TOPICS} />
          ))}
          <p className="dim">{t("asked.hint")}</p>
        </>
      ) : (
        <p className="dim">
          {t("asked.off")}{" "}
          <Link to="/sources/$id/edit" params={{ id }}>
            {t("asked.change")}
          </Link>
        </p>
      )}
    </section>
  );
}

function Topic({ topic, open }: { topic: TopicSearch; open: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const beyond = topic.missing.filter((part) => part.why === "room");
  const untold = topic.missing.filter((part) => part.why !== "room");
  return (
    <div>
      <h3>
        <Link to="/topics/$id" params={{ id: topic.topic_id }}>
          {topic.topic}
        </Link>
      </h3>
      {topic.queries.length === 0 && topic.missing.length === 0 && <p className="dim">{t("asked.elsewhere")}</p>}
      {topic.queries.length > 0 && (
        <details open={open}>
          <summary>{t("asked.queries", { count: number(topic.queries.length, locale) })}</summary>
          {topic.queries.map((text) => (
            <p key={text} style={{ overflowWrap: "anywhere" }}>
              <code>{text}</code>
            </p>
          ))}
        </details>
      )}
      <Untold title={t("asked.missing")} parts={untold} />
      <Untold title={t("asked.room")} parts={beyond} />
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
            {part.why !== "room" && `${t(`asked.why.${part.why}`)}: `}
            <code>{part.written}</code>
          </li>
        ))}
      </ul>
    </>
  );
}
