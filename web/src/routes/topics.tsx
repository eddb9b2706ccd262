import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { topicsQuery } from "~/api/queries";
import type { Topic } from "~/api/types";
import { Empty } from "~/components/empty";
import { Icon } from "~/components/icon";
import { Loading } from "~/components/loading";
import { PageError } from "~/components/page-error";
import { Time } from "~/components/time";
import css from "~/components/topic/topics.module.css";
import { useLocale } from "~/components/use-locale";
import { number } from "~/lib/format";

/** All topics: what each listens for and what it has brought. */
export function Topics() {
  const { t } = useTranslation();
  const topics = useQuery(topicsQuery);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.topics")}</h1>
        <Button component={Link} to="/topics/lists" variant="default" leftSection={<Icon name="list" />}>
          {t("nav.lists")}
        </Button>
        <Button component={Link} to="/topics/new" leftSection={<Icon name="plus" />}>
          {t("topics.add")}
        </Button>
      </div>
      {topics.isPending && <Loading />}
      {topics.isError && <PageError error={topics.error} reset={() => void topics.refetch()} />}
      {topics.data?.length === 0 && (
        <div className="card">
          <Empty icon="topics" title={t("topics.none")} text={t("topics.noneHint")}>
            <Button component={Link} to="/welcome">
              {t("topics.addFirst")}
            </Button>
          </Empty>
        </div>
      )}
      {topics.data && topics.data.length > 0 && (
        <ul className={`card ${css.list}`}>
          {topics.data.map((topic) => (
            <TopicRow key={topic.id} topic={topic} />
          ))}
        </ul>
      )}
    </div>
  );
}

function TopicRow({ topic }: { topic: Topic }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <li className={css.row}>
      <div className={css.main}>
        <div className={css.head}>
          <Link to="/topics/$id" params={{ id: topic.id }} className={css.name}>
            {topic.name}
          </Link>
          <span className={css.kind} data-kind={topic.kind}>
            {t(`topicKind.${topic.kind}`)}
          </span>
          <span className="dim">{t(`topicLevel.${topic.level}`)}</span>
        </div>
        <code className={css.query}>{topic.query}</code>
      </div>
      <Link to="/stream" search={{ topic: [topic.id] }} className={css.figure} title={t("topics.openStream")}>
        <strong>{number(topic.mentions, locale)}</strong>
        <span className="dim">{t("topics.mentions", { count: topic.mentions })}</span>
      </Link>
      <span className={css.last}>
        <span className="dim">{t("topics.last")}</span>
        {topic.last_mention_at ? <Time at={topic.last_mention_at} /> : <span className="dim">—</span>}
      </span>
    </li>
  );
}
