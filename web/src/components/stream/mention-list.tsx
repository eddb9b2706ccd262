import { Button, Loader } from "@mantine/core";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Mention, Topic } from "~/api/types";
import { folded } from "~/lib/folds";
import { densityPreference } from "~/state/preferences";
import { useStore } from "~/state/store";
import { MentionRow } from "./mention-row";
import css from "./stream.module.css";

/** Every row is equally high: nothing that loads or changes can move what is being read. */
const ROW_HEIGHT = { comfortable: 108, compact: 80 };
/** The next page is asked for this many rows before the end. */
const AHEAD = 15;

/** Where each list was left, by its filters, for as long as the page lives. */
const places = new Map<string, number>();

export interface MentionListHandle {
  /** Scrolls only if the row is out of sight, and moves the focus along when it is in the list. */
  show: (id: string) => void;
  toTop: () => void;
}

type Pages = Pick<
  UseInfiniteQueryResult,
  "hasNextPage" | "isFetchingNextPage" | "isFetchNextPageError" | "fetchNextPage"
>;

interface MentionListProps {
  ref: Ref<MentionListHandle>;
  place: string;
  items: Mention[];
  topics: Topic[] | undefined;
  openId: string | undefined;
  checked: ReadonlySet<string>;
  fresh: ReadonlySet<string>;
  /** Where further pages come from. */
  pages: Pages;
  onOpen: (id: string) => void;
  onCheck: (mentions: readonly Mention[]) => void;
}

/** Mentions row by row; what one post brought to several topics is one row. */
export function MentionList(props: MentionListProps) {
  const { ref, place, items, openId, checked, fresh, pages } = props;
  const {
    hasNextPage: hasMore,
    isFetchingNextPage: loadingMore,
    isFetchNextPageError: moreFailed,
    fetchNextPage,
  } = pages;
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const height = ROW_HEIGHT[useStore(densityPreference)];
  const names = useMemo(() => new Map((props.topics ?? []).map((topic) => [topic.id, topic.name])), [props.topics]);

  const folds = useMemo(() => folded(items), [items]);

  const virtual = useVirtualizer({
    count: folds.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => folds[index]?.lead.id ?? index,
    overscan: 8,
    initialOffset: () => places.get(place) ?? 0,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new height or list is measured anew
  useEffect(() => virtual.measure(), [height]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    element.scrollTop = places.get(place) ?? 0;
    const keep = () => places.set(place, element.scrollTop);
    element.addEventListener("scroll", keep, { passive: true });
    return () => element.removeEventListener("scroll", keep);
  }, [place]);

  const rows = virtual.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loadingMore && !moreFailed && lastShown >= folds.length - AHEAD) void fetchNextPage();
  }, [hasMore, loadingMore, moreFailed, lastShown, folds.length, fetchNextPage]);

  const indexOf = useMemo(
    () => new Map(folds.flatMap(({ mentions }, index) => mentions.map(({ id }) => [id, index] as const))),
    [folds],
  );

  useImperativeHandle(ref, () => ({
    show: (id) => {
      const index = indexOf.get(id);
      const lead = index === undefined ? undefined : folds[index]?.lead;
      if (index === undefined || !lead) return;
      virtual.scrollToIndex(index, { align: "auto" });
      if (scroller.current?.contains(document.activeElement)) focusRow(scroller.current, lead.id);
    },
    toTop: () => {
      scroller.current?.scrollTo({ top: 0 });
    },
  }));

  const step = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const at = indexOf.get((event.target as HTMLElement).closest<HTMLElement>("[data-id]")?.dataset.id ?? "");
    const next = at === undefined ? undefined : folds[at + by]?.lead;
    if (!next) return;
    event.preventDefault();
    virtual.scrollToIndex(at! + by, { align: "auto" });
    if (scroller.current) focusRow(scroller.current, next.id);
    props.onOpen(next.id);
  };

  return (
    <div ref={scroller} className={css.list}>
      <ul className={css.rows} style={{ height: virtual.getTotalSize() }} onKeyDown={step}>
        {rows.map((row) => {
          const fold = folds[row.index]!;
          const { mentions } = fold;
          const open = openId !== undefined && indexOf.get(openId) === row.index;
          const chosen = mentions.filter((mention) => checked.has(mention.id)).length;
          return (
            <MentionRow
              key={fold.lead.id}
              fold={fold}
              topics={names}
              top={row.start}
              height={height}
              position={row.index + 1}
              total={hasMore ? -1 : folds.length}
              openId={open ? openId : undefined}
              tabbable={openId && indexOf.has(openId) ? open : row.index === 0}
              checked={chosen === 0 ? "none" : chosen === mentions.length ? "all" : "some"}
              fresh={mentions.some((mention) => fresh.has(mention.id))}
              onOpen={props.onOpen}
              onCheck={props.onCheck}
            />
          );
        })}
      </ul>
      <div className={css.tail}>
        {loadingMore && (
          <span role="status" className="dim">
            <Loader size={16} aria-hidden /> {t("stream.loadingMore")}
          </span>
        )}
        {moreFailed && (
          <>
            <span role="alert">{t("stream.moreFailed")}</span>
            <Button size="compact-sm" variant="default" onClick={() => void fetchNextPage()}>
              {t("common.retry")}
            </Button>
          </>
        )}
        {!hasMore &&
          (folds.length < items.length
            ? t("stream.endFolded", { count: items.length, rows: folds.length })
            : t("stream.end", { count: items.length }))}
      </div>
    </div>
  );
}

function focusRow(scroller: HTMLElement, id: string): void {
  requestAnimationFrame(() => {
    scroller.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] a`)?.focus({ preventScroll: true });
  });
}
