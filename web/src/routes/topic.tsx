import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { topicQuery } from "~/api/queries";
import { Loading } from "~/components/loading";
import { PageError } from "~/components/page-error";
import { TopicEditor } from "~/components/topic/topic-editor";

/** `/topics/new` or one that exists. */
export function TopicPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/frame/topics/$id" });
  const isNew = id === "new";
  const topic = useQuery({ ...topicQuery(id), enabled: !isNew });
  if (isNew) return <TopicEditor key="new" topic={null} />;
  if (topic.isError) {
    const back = { to: "/topics", name: t("nav.topics") } as const;
    return <PageError page error={topic.error} reset={() => void topic.refetch()} back={back} />;
  }
  if (!topic.data) return <Loading />;
  return <TopicEditor key={id} topic={topic.data} />;
}
