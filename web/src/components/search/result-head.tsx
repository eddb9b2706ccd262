import { Button, Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { number } from "~/lib/format";
import { ORDERS, type Order } from "~/lib/search-address";
import type { useCount } from "~/state/use-search";
import { Icon } from "../icon";
import { useLocale } from "../use-locale";
import css from "./search.module.css";

interface ResultHeadProps {
  counted: ReturnType<typeof useCount>;
  order: Order;
  /** A query is there: without one nothing is more relevant than another. */
  queried: boolean;
  /** Filters that are set, for the button that opens them where there is no room for a column. */
  filters: number;
  timeline: boolean;
  onOrder: (order: Order) => void;
  onFilters: () => void;
  onTimeline: () => void;
  onAll: () => void;
}

/** How many were found, how they are sorted, and what can be done with all of them. */
export function ResultHead(props: ResultHeadProps) {
  const { counted, order, queried } = props;
  const { t } = useTranslation();
  const locale = useLocale();
  const { count, current } = counted;
  const found = count.data?.count;
  return (
    <div className={css.resultHead}>
      <Button
        className={css.filters}
        size="compact-sm"
        variant="default"
        leftSection={<Icon name="filter" size={14} />}
        onClick={props.onFilters}
      >
        {props.filters > 0 ? t("filters.openCount", { count: props.filters }) : t("filters.open")}
      </Button>
      <p className={css.count} data-stale={!current} role="status">
        {found === undefined ? (
          count.isError ? (
            "—"
          ) : (
            t("search.counting")
          )
        ) : (
          <span>
            <strong>{number(found, locale)}</strong> {t("search.mentions", { count: found })}
          </span>
        )}
        {count.isFetching && found !== undefined && <Loader size={14} aria-hidden />}
      </p>
      <select
        className={`field ${css.order}`}
        aria-label={t("search.order.title")}
        title={t("search.order.title")}
        value={order}
        onChange={(event) => props.onOrder(event.currentTarget.value as Order)}
      >
        {ORDERS.map((value) => (
          <option key={value} value={value} disabled={value === "relevance" && !queried}>
            {t(`search.order.${value}`)}
          </option>
        ))}
      </select>
      <button
        type="button"
        className={css.tool}
        aria-pressed={props.timeline}
        aria-label={t("search.timeline.title")}
        title={t(props.timeline ? "search.timeline.hide" : "search.timeline.show")}
        onClick={props.onTimeline}
      >
        <Icon name="questions" />
      </button>
      <button
        type="button"
        className={css.tool}
        aria-label={t("search.found.open")}
        title={t("search.found.open")}
        disabled={!found}
        onClick={props.onAll}
      >
        <Icon name="edit" />
      </button>
    </div>
  );
}
