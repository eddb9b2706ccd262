import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { topicsQuery } from "~/api/queries";
import { Loading } from "~/components/loading";
import { PageError } from "~/components/page-error";
import { DetailPane } from "~/components/stream/detail-pane";
import { FilterPane } from "~/components/stream/filter-pane";
import { ListHead } from "~/components/stream/list-head";
import { MentionList, type MentionListHandle } from "~/components/stream/mention-list";
import css from "~/components/stream/stream.module.css";
import { StreamEmpty } from "~/components/stream/stream-empty";
import { useStreamKeys } from "~/components/stream/use-stream-keys";
import { type Filters, filterKey, readSearch } from "~/lib/filters";
import { NOTHING, useChecked } from "~/state/use-checked";
import { useMentions } from "~/state/use-mentions";

/** Topics and filters, the list, and the mention that is open. Everything that is chosen stands in the address. */
export function Stream() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/frame/stream" });
  const navigate = useNavigate({ from: "/stream" });
  const topics = useQuery(topicsQuery);

  const { mention: openId, ...rest } = search;
  const key = filterKey(rest);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says whether the filters differ
  const filters = useMemo<Filters>(() => rest, [key]);

  const { query, items, queue, showNew } = useMentions(filters);
  const checked = useChecked(items);
  const { clear: clearChecked } = checked;
  const [fresh, setFresh] = useState(NOTHING);
  const [filtersOpen, setFiltersOpen] = useState(false);
  const list = useRef<MentionListHandle>(null);

  const setFilters = useCallback(
    (change: Partial<Filters>) => {
      clearChecked();
      void navigate({ search: (before) => readSearch({ ...before, ...change, mention: undefined }) });
    },
    [navigate, clearChecked],
  );

  const clearFilters = useCallback(() => {
    clearChecked();
    void navigate({ search: {} });
  }, [navigate, clearChecked]);

  /** Moving along the list replaces the address; opening from nothing leaves a step to go back to. */
  const open = useCallback(
    (id: string | undefined) => {
      void navigate({
        search: (before) => ({ ...before, mention: id }),
        replace: id === undefined || openId !== undefined,
      });
    },
    [navigate, openId],
  );

  const takeNew = useCallback(async () => {
    const ids = await showNew();
    setFresh(new Set(ids));
    list.current?.toTop();
  }, [showNew]);

  const { current, move } = useStreamKeys({
    items,
    openId,
    checked,
    open,
    showNew: takeNew,
    list,
  });

  const empty = query.isSuccess && items.length === 0;
  return (
    <div className={css.stream} data-open={openId ? "mention" : "list"}>
      <h1 className="hidden">{t("nav.stream")}</h1>
      <FilterPane
        filters={filters}
        items={items}
        topics={topics.data}
        opened={filtersOpen}
        onClose={() => setFiltersOpen(false)}
        onChange={setFilters}
        onClear={clearFilters}
      />
      <section className={css.middle} aria-label={t("stream.list")}>
        <ListHead
          filters={filters}
          waiting={queue.waiting.length}
          orMore={queue.orMore}
          checked={checked.mentions}
          loaded={items.length}
          onFilters={() => setFiltersOpen(true)}
          onChange={setFilters}
          onShowNew={takeNew}
          onClearChecked={checked.clear}
        />
        {query.isPending && <Loading />}
        {query.isError && items.length === 0 && <PageError error={query.error} reset={() => void query.refetch()} />}
        {empty && (
          <StreamEmpty
            filters={filters}
            topics={topics.data}
            waiting={queue.waiting.length}
            onChange={setFilters}
            onClear={clearFilters}
            onShowNew={takeNew}
          />
        )}
        {items.length > 0 && (
          <MentionList
            ref={list}
            place={key}
            items={items}
            topics={topics.data}
            openId={openId}
            checked={checked.ids}
            fresh={fresh}
            pages={query}
            onOpen={open}
            onCheck={checked.toggle}
          />
        )}
      </section>
      <aside className={css.side} aria-label={t("stream.detail")}>
        <DetailPane id={openId} listed={current} topics={topics.data} onMove={move} onClose={() => open(undefined)} />
      </aside>
    </div>
  );
}
