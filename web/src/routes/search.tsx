import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { topicsQuery } from "~/api/queries";
import { Empty } from "~/components/empty";
import { Loading } from "~/components/loading";
import { PageError } from "~/components/page-error";
import { PeriodPicker } from "~/components/period-picker";
import { ArchiveLine } from "~/components/search/archive-line";
import { Chips } from "~/components/search/chips";
import { ExportMenu } from "~/components/search/export-menu";
import { FacetPane } from "~/components/search/facet-pane";
import { FoundDialog } from "~/components/search/found-dialog";
import { LinkButton } from "~/components/search/link-button";
import { NewlyFound } from "~/components/search/newly-found";
import { QueryBox } from "~/components/search/query-box";
import { ResultHead } from "~/components/search/result-head";
import css from "~/components/search/search.module.css";
import { SearchEmpty } from "~/components/search/search-empty";
import { Similar } from "~/components/search/similar";
import { TimelinePart } from "~/components/search/timeline-part";
import { DetailPane } from "~/components/stream/detail-pane";
import { BulkBar } from "~/components/stream/list-head";
import { MentionList, type MentionListHandle } from "~/components/stream/mention-list";
import stream from "~/components/stream/stream.module.css";
import { useStreamKeys } from "~/components/stream/use-stream-keys";
import { useZone } from "~/components/use-zone";
import { ViewsMenu } from "~/components/views/views-menu";
import { choiceOf, readSearchAddress, type SearchAddress } from "~/lib/search-address";
import { stringifySearch } from "~/lib/search-params";
import { type Choice, choiceKey, LISTS, toSelection } from "~/lib/selection";
import { timelinePreference } from "~/state/preferences";
import { useStore } from "~/state/store";
import { NOTHING, useChecked } from "~/state/use-checked";
import { useNewlyFound } from "~/state/use-newly-found";
import { isFaulty, useCount, useFound } from "~/state/use-search";
import { useSearchDraft } from "~/state/use-search-draft";

/** Any mention of the archive, by a query and by what is known of it. Everything that is chosen stands in the address. */
export function SearchPage() {
  const { t } = useTranslation();
  const raw = useSearch({ from: "/frame/search" });
  const navigate = useNavigate({ from: "/search" });
  const zone = useZone();
  const topics = useQuery(topicsQuery);
  const [filtersOpen, setFiltersOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const timelineOn = useStore(timelinePreference) === "on";
  const list = useRef<MentionListHandle>(null);

  const address = useMemo(() => readSearchAddress(raw), [raw]);
  const { mention: openId, order = "newest" } = address;
  const key = choiceKey(choiceOf(address));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says whether the choice differs
  const choice = useMemo(() => choiceOf(address), [key]);
  // A period by name is fixed when it is chosen: what is being read does not move at midnight.
  const selection = useMemo(() => toSelection(choice, Date.now(), zone), [choice, zone]);

  const { query, items, refresh } = useFound(selection, order);
  const counted = useCount(selection);
  const checked = useChecked(items);
  const { clear: clearChecked } = checked;

  const go = useCallback(
    (next: SearchAddress, replace = false) => void navigate({ search: readSearchAddress({ ...next }), replace }),
    [navigate],
  );
  const change = useCallback(
    (next: Choice) => {
      clearChecked();
      go({ ...next, order: address.order, mention: address.mention, frame: undefined });
    },
    [go, clearChecked, address.order, address.mention],
  );
  const draft = useSearchDraft(choice, zone, change, refresh);

  /** Moving along the list replaces the address; opening from nothing leaves a step to go back to. */
  const open = useCallback(
    (id: string | undefined) => go({ ...address, mention: id }, id === undefined || openId !== undefined),
    [go, address, openId],
  );
  useEffect(() => {
    document.title = `${t("nav.search")} · Molva`;
    return () => {
      document.title = "Molva";
    };
  }, [t]);

  const count = counted.count.data?.count;
  const { current, move } = useStreamKeys({
    items,
    openId,
    checked,
    open,
    showNew: refresh,
    list,
  });

  const fresh = useNewlyFound(selection, counted.current ? count : undefined, query.isSuccess && items.length > 0);
  const filters = LISTS.filter((name) => choice[name]?.length).length + (choice.include?.length ?? 0);
  const state = counted.count.data ?? query.data?.pages[0];
  const faulty = isFaulty(query.error);

  return (
    <div className={css.page} data-open={openId ? "mention" : "list"}>
      <h1 className="hidden">{t("nav.search")}</h1>
      <div className={css.top}>
        <QueryBox
          value={draft.text}
          checked={draft.checked}
          outlook={draft.outlook}
          onChange={draft.write}
          onSubmit={draft.submit}
        >
          <PeriodPicker value={choice} zone={zone} onChange={(period) => change({ ...choice, ...period })} />
          <ViewsMenu page="search" address={stringifySearch({ ...choice, order: address.order })} />
          <ExportMenu selection={selection} count={count} broken={faulty || draft.faulty} />
          <LinkButton />
        </QueryBox>
      </div>
      <div className={css.columns}>
        <FacetPane
          choice={choice}
          selection={selection}
          ready={!faulty}
          opened={filtersOpen}
          onClose={() => setFiltersOpen(false)}
          onChange={change}
        />
        <section className={css.middle} aria-label={t("search.found.list")}>
          <ArchiveLine state={state} />
          {checked.mentions.length > 0 ? (
            <BulkBar checked={checked.mentions} onClearChecked={checked.clear}>
              <button type="button" className={css.all} disabled={!count} onClick={() => setAsking(true)}>
                {t("search.found.all", { count: count ?? 0 })}
              </button>
            </BulkBar>
          ) : (
            <ResultHead
              counted={counted}
              order={order}
              queried={choice.query !== undefined}
              filters={filters}
              timeline={timelineOn}
              onOrder={(next) => go({ ...address, order: next })}
              onFilters={() => setFiltersOpen(true)}
              onTimeline={() => timelinePreference.set(timelineOn ? "off" : "on")}
              onAll={() => setAsking(true)}
            />
          )}
          <Chips choice={choice} onChange={change} />
          {timelineOn && !faulty && <TimelinePart address={address} zone={zone} onChange={go} />}
          <NewlyFound
            count={fresh}
            onShow={() => {
              void refresh();
              list.current?.toTop();
            }}
          />
          {items.length === 0 && !faulty && (
            <div className={css.rest}>
              {query.isPending && <Loading />}
              {query.isError && <PageError error={query.error} reset={() => void query.refetch()} />}
              {query.isSuccess && <SearchEmpty choice={choice} topics={topics.data} onChange={change} />}
            </div>
          )}
          {faulty && <Empty icon="warning" title={t("preview.faulty")} text={t("search.query.faulty")} />}
          {items.length > 0 && !faulty && (
            <div
              className={`${css.results} renews`}
              data-stale={query.isPlaceholderData}
              aria-busy={query.isPlaceholderData}
            >
              <MentionList
                ref={list}
                place={`search ${key} ${order}`}
                items={items}
                topics={topics.data}
                openId={openId}
                checked={checked.ids}
                fresh={NOTHING}
                pages={query}
                onOpen={open}
                onCheck={checked.toggle}
              />
            </div>
          )}
        </section>
        <aside className={stream.side} data-part="side" aria-label={t("stream.detail")}>
          <DetailPane
            id={openId}
            listed={current}
            topics={topics.data}
            onMove={move}
            onClose={() => open(undefined)}
            below={(mention) => <Similar key={mention.id} mention={mention} />}
          />
        </aside>
      </div>
      {asking && count !== undefined && (
        <FoundDialog selection={selection} count={count} listed={items} onClose={() => setAsking(false)} />
      )}
    </div>
  );
}
