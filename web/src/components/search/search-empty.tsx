import { Button, Loader } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { countSearch } from "~/api/archive";
import type { Topic } from "~/api/types";
import { useZone } from "~/components/use-zone";
import { number } from "~/lib/format";
import { type Choice, choiceKey, isEverything, toSelection } from "~/lib/selection";
import { NoTopics, NothingYet } from "../empties";
import { Empty } from "../empty";
import { useLocale } from "../use-locale";
import { useLifts } from "./chips";
import css from "./search.module.css";

interface SearchEmptyProps {
  choice: Choice;
  topics: Topic[] | undefined;
  onChange: (choice: Choice) => void;
}

/** At most so many ways out are tried. */
const MOST = 8;

/** Why nothing was found and what to do: make a topic, wait, or lift the filter that stands in the way. */
export function SearchEmpty({ choice, topics, onChange }: SearchEmptyProps) {
  const { t } = useTranslation();
  if (topics?.length === 0) return <NoTopics />;
  if (isEverything(choice)) {
    return <NothingYet icon="search" title={t("search.empty.nothing")} text={t("search.empty.nothingHint")} />;
  }
  return <Ways choice={choice} onChange={onChange} />;
}

function Ways({ choice, onChange }: Omit<SearchEmptyProps, "topics">) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  const lifts = useLifts(choice).slice(0, MOST);
  const counts = useQueries({
    queries: lifts.map((lift) => ({
      queryKey: ["search", "count", choiceKey(lift.choice)],
      queryFn: () => countSearch(toSelection(lift.choice, Date.now(), zone)),
      staleTime: 30_000,
    })),
  });
  const asking = counts.some((count) => count.isPending);
  const ways = lifts
    .map((lift, index) => ({ ...lift, count: counts[index]?.data?.count ?? 0 }))
    .filter((lift) => lift.count > 0)
    .sort((a, b) => b.count - a.count);

  return (
    <Empty icon="search" title={t("search.empty.none")} text={ways.length > 0 ? t("search.empty.lift") : undefined}>
      <div className={css.ways} role="status">
        {ways.map((way) => (
          <button key={way.key} type="button" className={css.way} onClick={() => onChange(way.choice)}>
            <span>{t("search.empty.without", { filter: way.text })}</span>
            <strong>{number(way.count, locale)}</strong>
          </button>
        ))}
        {asking && (
          <span className="dim">
            <Loader size={14} aria-hidden /> {t("search.empty.asking")}
          </span>
        )}
        {!asking && ways.length === 0 && <p>{t("search.empty.several")}</p>}
        <Button variant="default" onClick={() => onChange({})}>
          {t("search.empty.start")}
        </Button>
      </div>
    </Empty>
  );
}
