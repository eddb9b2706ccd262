import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";

export interface PlotHandle {
  /** The drawing as it stands, for files. */
  svg: () => string | null;
}

interface PlotProps {
  option: EChartsCoreOption;
  height: number;
  ref?: Ref<PlotHandle>;
}

/** Draws with the chart library, which comes when it is first needed. A drawing only: what it says is said beside it. */
export function Plot({ option, height, ref }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);

  useEffect(() => {
    let made: EChartsType | null = null;
    let gone = false;
    void import("./plot-engine").then(({ init }) => {
      if (gone || !box.current) return;
      made = init(box.current, null, { renderer: "svg" });
      setChart(made);
    });
    const observer = new ResizeObserver(() => made?.resize());
    if (box.current) observer.observe(box.current);
    return () => {
      gone = true;
      observer.disconnect();
      made?.dispose();
    };
  }, []);

  useEffect(() => {
    chart?.setOption(option, { notMerge: true });
    chart?.resize();
  }, [chart, option]);

  useImperativeHandle(ref, () => ({ svg: () => chart?.renderToSVGString({ useViewBox: false }) ?? null }), [chart]);

  return <div ref={box} style={{ height }} aria-hidden data-ready={chart !== null} />;
}
