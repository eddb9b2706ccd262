import type { EChartsCoreOption } from "echarts/core";
import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { PLOT } from "~/lib/questions/time-chart";
import { Plot, type PlotHandle } from "./plot";
import css from "./time-plot.module.css";

interface TimePlotProps {
  label: string;
  option: EChartsCoreOption;
  height: number;
  /** How many buckets lie along the axis. */
  count: number;
  /** A bucket in words, for those who cannot see it. */
  textOf: (index: number) => string;
  /** What stands beside the pointer. */
  tip: (index: number) => ReactNode;
  onOpen: (index: number) => void;
  onStretch: (first: number, last: number) => void;
  onZoomIn: (index: number) => void;
  onZoomOut: () => void;
  onReset: () => void;
  ref?: Ref<PlotHandle>;
}

/** How far a press must move to be a drag and not a click. */
const DRAG_PX = 6;

/**
 * A chart along time that is worked by pointer and by keys: a bucket is pointed at, opened with a click or Enter; a stretch
 * is drawn, or marked with Shift and the arrows, to zoom into. To a screen reader it is a slider over the buckets.
 */
export function TimePlot(props: TimePlotProps) {
  const { t } = useTranslation();
  const { count, height } = props;
  const box = useRef<HTMLDivElement>(null);
  const keys = useId();
  const [cursor, setCursor] = useState<number | null>(null);
  const [anchor, setAnchor] = useState<number | null>(null);
  const [pressed, setPressed] = useState<{ x: number; index: number } | null>(null);
  const [width, setWidth] = useState(0);
  const inner = Math.max(1, width - PLOT.left - PLOT.right);
  const at = cursor === null ? null : Math.min(cursor, count - 1);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const indexAt = (clientX: number): number => {
    const left = box.current?.getBoundingClientRect().left ?? 0;
    const place = ((clientX - left - PLOT.left) / inner) * count;
    return Math.min(count - 1, Math.max(0, Math.floor(place)));
  };

  // The wheel zooms with Ctrl, as on maps; alone it scrolls the page. React's own listener could not keep the page still.
  const wheel = useRef((_: WheelEvent) => {});
  wheel.current = (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (event.deltaY < 0) props.onZoomIn(indexAt(event.clientX));
    else props.onZoomOut();
  };
  useEffect(() => {
    const element = box.current;
    const listen = (event: WheelEvent) => wheel.current(event);
    element?.addEventListener("wheel", listen, { passive: false });
    return () => element?.removeEventListener("wheel", listen);
  }, []);

  const press = (event: KeyboardEvent) => {
    const here = at ?? count - 1;
    const page = Math.max(1, Math.round(count / 10));
    const steps: Record<string, number> = {
      ArrowLeft: here - 1,
      ArrowRight: here + 1,
      ArrowUp: here + 1,
      ArrowDown: here - 1,
      PageUp: here + page,
      PageDown: here - page,
      Home: 0,
      End: count - 1,
    };
    const step = steps[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step !== undefined) {
      setAnchor(event.shiftKey ? (anchor ?? here) : null);
      setCursor(Math.min(count - 1, Math.max(0, at === null ? here : step)));
    } else if (event.key === "Enter" && anchor !== null && anchor !== here) {
      setAnchor(null);
      setCursor(null);
      props.onStretch(anchor, here);
    } else if (event.key === "Enter") props.onOpen(here);
    else if (event.key === "+" || event.key === "=") props.onZoomIn(here);
    else if (event.key === "-") props.onZoomOut();
    else if (event.key === "0") props.onReset();
    else if (event.key === "Escape" && (anchor !== null || at !== null)) {
      setAnchor(null);
      setCursor(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const move = (event: PointerEvent) => {
    const index = indexAt(event.clientX);
    setCursor(index);
    if (pressed && Math.abs(event.clientX - pressed.x) > DRAG_PX) setAnchor(pressed.index);
  };

  const release = (event: PointerEvent) => {
    if (!pressed) return;
    const index = indexAt(event.clientX);
    const dragged = Math.abs(event.clientX - pressed.x) > DRAG_PX;
    setPressed(null);
    setAnchor(null);
    if (!dragged) return props.onOpen(index);
    // What lies under the pointer is another time in a moment.
    setCursor(null);
    props.onStretch(pressed.index, index);
  };

  const edge = (index: number) => PLOT.left + (index / count) * inner;
  const marked: [number, number] = [Math.min(at ?? 0, anchor ?? at ?? 0), Math.max(at ?? 0, anchor ?? at ?? 0)];
  const toLeft = edge((marked[0] + marked[1] + 1) / 2) > width / 2;

  return (
    <div className={css.box}>
      <div
        ref={box}
        className={css.plot}
        role="slider"
        tabIndex={0}
        aria-label={props.label}
        aria-describedby={keys}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, count - 1)}
        aria-valuenow={at ?? count - 1}
        aria-valuetext={props.textOf(at ?? count - 1)}
        onKeyDown={press}
        onBlur={() => setAnchor(null)}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setPressed({ x: event.clientX, index: indexAt(event.clientX) });
        }}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={() => setPressed(null)}
        onPointerLeave={() => {
          if (!pressed) setCursor(null);
        }}
      >
        <Plot option={props.option} height={height} ref={props.ref} />
        {at !== null && count > 0 && (
          <div
            className={css.cursor}
            data-range={marked[0] !== marked[1]}
            style={{
              left: edge(marked[0]),
              width: Math.max(1, edge(marked[1] + 1) - edge(marked[0])),
              top: PLOT.top,
              height: height - PLOT.top - PLOT.below,
            }}
          />
        )}
      </div>
      {at !== null && count > 0 && (
        <div
          className={css.tip}
          aria-hidden
          style={
            toLeft
              ? { right: width - edge(marked[0]) + 8, top: PLOT.top }
              : { left: edge(marked[1] + 1) + 8, top: PLOT.top }
          }
        >
          {props.tip(at)}
        </div>
      )}
      <p id={keys} className="hidden">
        {t("questions.rhythm.keys")}
      </p>
    </div>
  );
}
