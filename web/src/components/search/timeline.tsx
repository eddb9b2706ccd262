import { Button } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Timeline as Answer, TrustGap } from "~/api/archive";
import { compact, number } from "~/lib/format";
import { bucketWords, ceiling, gapParts, momentsOf, moved, type Stretch, stretchOf, ticks } from "~/lib/timeline";
import { Icon } from "../icon";
import { useLocale } from "../use-locale";
import css from "./timeline.module.css";
import { TimelineTable } from "./timeline-table";

interface TimelineProps {
  answer: Answer;
  /** The answer is of the choice before. */
  stale: boolean;
  gaps: readonly TrustGap[];
  from: string | undefined;
  to: string | undefined;
  /** A part of the timeline is brushed and can become all of it. */
  brushed: boolean;
  onBrush: (part: { from: string; to: string } | null) => void;
  onZoom: () => void;
}

/** Room a label under the axis takes, in pixels. */
const TICK_WIDTH = { minute: 64, hour: 124, day: 84, week: 84, month: 84, quarter: 84, year: 56 } as const;
/** Keys come in runs; the list follows once they rest. */
const KEYS_REST_MS = 350;

/** How many were published when. Dragging over it, or moving its two ends by keyboard, narrows the list to a part. */
export function Timeline({ answer, stale, gaps, from, to, brushed, onBrush, onZoom }: TimelineProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const plot = useRef<HTMLDivElement>(null);
  const { ref: axis, width } = useElementSize();
  const [pointed, setPointed] = useState<number | null>(null);
  const [drawn, setDrawn] = useState<Stretch | null>(null);
  const [tabled, setTabled] = useState(false);
  const anchor = useRef<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const { buckets, unit } = answer;
  const count = buckets.length;
  const words = bucketWords(unit, answer.time_zone, locale, buckets);
  const most = Math.max(0, ...buckets.map((bucket) => bucket.mentions));
  const top = ceiling(most);
  const peak = buckets.findIndex((bucket) => bucket.mentions === most);
  const chosen = drawn ?? stretchOf(buckets, from, to);
  const shown = chosen ?? { start: 0, end: count };

  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice has been made, by whichever way
  useEffect(() => setDrawn(null), [from, to, buckets]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const commit = (stretch: Stretch) => {
    clearTimeout(timer.current);
    onBrush(momentsOf(buckets, stretch));
  };

  const at = (event: PointerEvent): number => {
    const box = plot.current?.getBoundingClientRect();
    if (!box || box.width === 0) return 0;
    return Math.min(count - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * count)));
  };

  const drag = (event: PointerEvent) => {
    const place = at(event);
    setPointed(place);
    if (anchor.current === null) return;
    setDrawn({ start: Math.min(anchor.current, place), end: Math.max(anchor.current, place) + 1 });
  };

  const press = (side: "start" | "end") => (event: KeyboardEvent) => {
    const place = shown[side];
    const leap = Math.max(2, Math.round(count / 10));
    const next: Record<string, number> = {
      ArrowLeft: place - 1,
      ArrowDown: place - 1,
      ArrowRight: place + 1,
      ArrowUp: place + 1,
      PageDown: place - leap,
      PageUp: place + leap,
      Home: 0,
      End: count,
    };
    const goal = next[event.key];
    if (goal === undefined) return;
    event.preventDefault();
    const stretch = moved(shown, side, goal, count);
    setDrawn(stretch);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => commit(stretch), KEYS_REST_MS);
  };

  const told = pointed === null ? undefined : buckets[pointed];
  const share = (place: number) => `${(place / Math.max(1, count)) * 100}%`;
  const parts = gapParts(buckets, gaps, Date.now());
  const summary =
    most > 0 && buckets[peak]
      ? t("search.timeline.peak", { count: most, when: words.whole(buckets[peak]) })
      : t("search.timeline.quiet");

  return (
    <section className={css.timeline} aria-label={t("search.timeline.title")} data-stale={stale}>
      <div className={css.head}>
        <span className={css.told} aria-hidden={told !== undefined}>
          {told ? (
            <>
              <strong>{number(told.mentions, locale)}</strong> {words.whole(told)}
            </>
          ) : (
            summary
          )}
        </span>
        {parts.length > 0 && (
          <span className={css.legend}>
            <span className={css.hatch} aria-hidden /> {t("search.timeline.gaps")}
          </span>
        )}
        {brushed && (
          <>
            <Button size="compact-xs" variant="subtle" onClick={onZoom}>
              {t("search.timeline.zoom")}
            </Button>
            <Button size="compact-xs" variant="subtle" onClick={() => onBrush(null)}>
              {t("search.timeline.whole")}
            </Button>
          </>
        )}
        <button
          type="button"
          className={css.tool}
          aria-label={t("search.timeline.table")}
          title={t("search.timeline.table")}
          onClick={() => setTabled(true)}
        >
          <Icon name="table" size={15} />
        </button>
      </div>
      <div
        ref={plot}
        className={css.plot}
        onPointerDown={(event) => {
          if (event.button !== 0 || (event.target as Element).closest("[role=slider]")) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          anchor.current = at(event);
          drag(event);
        }}
        onPointerMove={drag}
        onPointerLeave={() => setPointed(null)}
        onPointerCancel={() => {
          anchor.current = null;
          setDrawn(null);
        }}
        onPointerUp={() => {
          if (anchor.current !== null && drawn) commit(drawn);
          anchor.current = null;
        }}
      >
        <svg
          className={css.bars}
          viewBox={`0 0 ${Math.max(1, count)} 100`}
          preserveAspectRatio="none"
          role="img"
          aria-label={summary}
        >
          {buckets.map((bucket, index) => {
            const height = (bucket.mentions / top) * 100;
            const inside = index >= shown.start && index < shown.end;
            return (
              <rect
                key={bucket.from}
                x={index + (count > 120 ? 0 : 0.08)}
                width={count > 120 ? 1 : 0.84}
                y={100 - height}
                height={height}
                data-inside={inside}
                data-pointed={index === pointed}
              />
            );
          })}
        </svg>
        {parts.map((part) => (
          <span
            key={part.from}
            className={css.gap}
            style={{ left: `${part.from * 100}%`, width: `${(part.to - part.from) * 100}%` }}
          />
        ))}
        {chosen && (
          <span className={css.window} style={{ left: share(chosen.start), width: share(chosen.end - chosen.start) }} />
        )}
        {count > 1 &&
          (["start", "end"] as const).map((side) => {
            const bucket = side === "start" ? buckets[shown.start] : buckets[shown.end - 1];
            return (
              <span
                key={side}
                className={css.handle}
                data-side={side}
                data-set={chosen !== null}
                style={{ left: share(shown[side]) }}
                role="slider"
                tabIndex={0}
                aria-label={t(`search.timeline.${side}`)}
                aria-orientation="horizontal"
                aria-valuemin={0}
                aria-valuemax={count}
                aria-valuenow={shown[side]}
                aria-valuetext={bucket ? words.whole(bucket) : undefined}
                onKeyDown={press(side)}
                onPointerDown={(event) => {
                  event.currentTarget.setPointerCapture(event.pointerId);
                  anchor.current = side === "start" ? shown.end - 1 : shown.start;
                }}
              />
            );
          })}
        <span className={css.top} aria-hidden>
          {compact(top, locale)}
        </span>
      </div>
      <div ref={axis} className={css.axis} aria-hidden>
        {ticks(count, Math.max(2, Math.floor(width / TICK_WIDTH[unit]))).map((index) => {
          const bucket = buckets[index];
          return (
            bucket && (
              <span key={bucket.from} style={{ left: share(index) }}>
                {words.tick(bucket)}
              </span>
            )
          );
        })}
      </div>
      {tabled && <TimelineTable answer={answer} onClose={() => setTabled(false)} />}
    </section>
  );
}
