import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { topicQuery } from "~/api/queries";
import { Loading } from "~/components/loading";
import { PageError } from "~/components/page-error";
import { TopicEditor } from "~/components/topic/topic-editor";

/** `/topics/new` or one that exists. */
export function TopicPage() {
  const { id } = useParams({ from: "/frame/topics/$id" });
  const isNew = id === "new";
  const topic = useQuery({ ...topicQuery(id), enabled: !isNew });
  if (isNew) return <TopicEditor key="new" topic={null} />;
  if (topic.isError) return <PageError page error={topic.error} reset={() => void topic.refetch()} />;
  if (!topic.data) return <Loading />;
  return <TopicEditor key={id} topic={topic.data} />;
}
