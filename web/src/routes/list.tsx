import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { listQuery } from "~/api/queries";
import { ListEditor } from "~/components/list/list-editor";
import { Loading } from "~/components/loading";
import { PageError } from "~/components/page-error";

/** `/topics/lists/new` or one that exists. */
export function ListPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/frame/topics/lists/$id" });
  const isNew = id === "new";
  const list = useQuery({ ...listQuery(id), enabled: !isNew });
  if (isNew) return <ListEditor key="new" list={null} reload={() => {}} />;
  if (list.isError) {
    const back = { to: "/topics/lists", name: t("nav.lists") } as const;
    return <PageError page error={list.error} reset={() => void list.refetch()} back={back} />;
  }
  if (!list.data) return <Loading />;
  return <ListEditor key={id} list={list.data} reload={list.refetch} />;
}
