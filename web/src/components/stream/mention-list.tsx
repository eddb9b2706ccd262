import { Button, Loader } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Mention, Topic } from "~/api/types";
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

interface MentionListProps {
  ref: Ref<MentionListHandle>;
  place: string;
  items: Mention[];
  topics: Topic[] | undefined;
  openId: string | undefined;
  checked: ReadonlySet<string>;
  fresh: ReadonlySet<string>;
  hasMore: boolean;
  loadingMore: boolean;
  moreFailed: boolean;
  onMore: () => void;
  onOpen: (id: string) => void;
  onCheck: (id: string) => void;
}

export function MentionList(props: MentionListProps) {
  const { ref, place, items, openId, checked, fresh, hasMore, loadingMore, moreFailed, onMore } = props;
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const height = ROW_HEIGHT[useStore(densityPreference)];
  const names = useMemo(() => new Map((props.topics ?? []).map((topic) => [topic.id, topic.name])), [props.topics]);

  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => items[index]?.id ?? index,
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
    if (hasMore && !loadingMore && !moreFailed && lastShown >= items.length - AHEAD) onMore();
  }, [hasMore, loadingMore, moreFailed, lastShown, items.length, onMore]);

  const indexOf = useMemo(() => new Map(items.map((mention, index) => [mention.id, index])), [items]);

  useImperativeHandle(ref, () => ({
    show: (id) => {
      const index = indexOf.get(id);
      if (index === undefined) return;
      virtual.scrollToIndex(index, { align: "auto" });
      if (scroller.current?.contains(document.activeElement)) focusRow(scroller.current, id);
    },
    toTop: () => {
      scroller.current?.scrollTo({ top: 0 });
    },
  }));

  const step = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const at = indexOf.get((event.target as HTMLElement).closest<HTMLElement>("[data-id]")?.dataset.id ?? "");
    const next = at === undefined ? undefined : items[at + by];
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
          const mention = items[row.index]!;
          return (
            <MentionRow
              key={mention.id}
              mention={mention}
              topic={names.get(mention.topic_id)}
              top={row.start}
              height={height}
              position={row.index + 1}
              total={hasMore ? -1 : items.length}
              open={mention.id === openId}
              tabbable={openId && indexOf.has(openId) ? mention.id === openId : row.index === 0}
              checked={checked.has(mention.id)}
              fresh={fresh.has(mention.id)}
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
            <Button size="compact-sm" variant="default" onClick={onMore}>
              {t("common.retry")}
            </Button>
          </>
        )}
        {!hasMore && t("stream.end", { count: items.length })}
      </div>
    </div>
  );
}

function focusRow(scroller: HTMLElement, id: string): void {
  requestAnimationFrame(() => {
    scroller.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] a`)?.focus({ preventScroll: true });
  });
}
