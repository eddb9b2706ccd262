import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { countMentions } from "~/api/operations";
import { sourcesQuery } from "~/api/queries";
import type { Topic } from "~/api/types";
import { type Filters, isNarrowed, toQuery } from "~/lib/filters";
import { NoTopics, NothingYet } from "../empties";
import { Empty } from "../empty";
import { Icon } from "../icon";

interface StreamEmptyProps {
  filters: Filters;
  topics: Topic[] | undefined;
  waiting: number;
  onChange: (change: Partial<Filters>) => void;
  onClear: () => void;
  onShowNew: () => Promise<void>;
}

/** Why nothing is here and what to do next: make a topic, add a source, loosen the filters, or wait. */
export function StreamEmpty({ filters, topics, waiting, onChange, onClear, onShowNew }: StreamEmptyProps) {
  const { t } = useTranslation();
  const sources = useQuery(sourcesQuery).data;

  if (waiting > 0) {
    return (
      <Empty icon="bolt" title={t("stream.newCount", { count: waiting })}>
        <Button onClick={() => void onShowNew()}>{t("stream.show")}</Button>
      </Empty>
    );
  }
  if (topics?.length === 0) return <NoTopics />;
  if (isNarrowed(filters)) return <NoneHere filters={filters} onChange={onChange} onClear={onClear} />;
  if (sources?.length === 0) {
    return (
      <Empty icon="sources" title={t("stream.noSources")} text={t("stream.noSourcesHint")}>
        <Button component={Link} to="/sources/add" leftSection={<Icon name="plus" />}>
          {t("sources.add")}
        </Button>
      </Empty>
    );
  }
  return <NothingYet icon="stream" title={t("stream.listening")} text={t("stream.listeningHint")} />;
}

/** What fits may all have been said before in the same words: it lies folded under a post that does not fit. */
function NoneHere({ filters, onChange, onClear }: Pick<StreamEmptyProps, "filters" | "onChange" | "onClear">) {
  const { t } = useTranslation();
  const folded = useQuery({
    queryKey: ["mentions", "folded", filters],
    queryFn: ({ signal }) => countMentions(toQuery({ ...filters, copies: true }, Date.now()), signal),
    enabled: !filters.copies,
  }).data?.count;

  if (folded) {
    return (
      <Empty icon="filter" title={t("stream.allFolded", { count: folded })} text={t("stream.allFoldedHint")}>
        <Button onClick={() => onChange({ copies: true })}>{t("stream.unfold")}</Button>
      </Empty>
    );
  }
  return (
    <Empty icon="filter" title={t("stream.noneHere")} text={t("stream.noneHereHint")}>
      <Button onClick={onClear}>{t("filters.clear")}</Button>
    </Empty>
  );
}
