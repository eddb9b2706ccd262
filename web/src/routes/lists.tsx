import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { listsQuery } from "~/api/queries";
import type { List } from "~/api/types";
import { Empty } from "~/components/empty";
import { Icon } from "~/components/icon";
import css from "~/components/list/lists.module.css";
import { Loading } from "~/components/loading";
import { PageError } from "~/components/page-error";
import { Time } from "~/components/time";

/** All lists that queries may name, and who uses them. */
export function Lists() {
  const { t } = useTranslation();
  const lists = useQuery(listsQuery);
  return (
    <div className="page">
      <div className={css.up}>
        <Link to="/topics">
          <Icon name="left" /> {t("nav.topics")}
        </Link>
      </div>
      <div className="page-head">
        <h1>{t("nav.lists")}</h1>
        <Button component={Link} to="/topics/lists/new" leftSection={<Icon name="plus" />}>
          {t("lists.add")}
        </Button>
      </div>
      {lists.isPending && <Loading />}
      {lists.isError && <PageError error={lists.error} reset={() => void lists.refetch()} />}
      {lists.data?.length === 0 && (
        <div className="card">
          <Empty icon="list" title={t("lists.none")} text={t("lists.noneHint")}>
            <code className={css.example}>{t("lists.example")}</code>
          </Empty>
        </div>
      )}
      {lists.data && lists.data.length > 0 && (
        <>
          <p className={css.lead}>{t("lists.lead")}</p>
          <div className={`card ${css.frame}`}>
            <table className={css.table}>
              <thead>
                <tr>
                  <th scope="col">{t("lists.name")}</th>
                  <th scope="col">{t("lists.kind")}</th>
                  <th scope="col">{t("lists.usedBy")}</th>
                  <th scope="col">{t("lists.changed")}</th>
                </tr>
              </thead>
              <tbody>
                {lists.data.map((list) => (
                  <ListRow key={list.id} list={list} />
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </div>
  );
}

function ListRow({ list }: { list: List }) {
  const { t } = useTranslation();
  return (
    <tr>
      <td>
        <Link to="/topics/lists/$id" params={{ id: list.id }} className={css.name}>
          {list.name}
        </Link>
        <span className={css.sample}>{list.entries.slice(0, 5).join(" · ")}</span>
      </td>
      <td>
        {t(`lists.kinds.${list.kind}`)}
        <span className={css.sample}>{t("lists.entries", { count: list.entries.length })}</span>
      </td>
      <td>
        {list.used_by.length === 0 ? (
          <span className="dim">{t("lists.unused")}</span>
        ) : (
          <ul className={css.uses}>
            {list.used_by.map((topic) => (
              <li key={topic.topic_id}>
                <Link to="/topics/$id" params={{ id: topic.topic_id }}>
                  {topic.name}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </td>
      <td>
        <Time at={list.updated_at} />
      </td>
    </tr>
  );
}
