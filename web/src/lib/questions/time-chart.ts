import type { EChartsCoreOption } from "echarts/core";
import { type Band, hatching } from "./gap-bands";
import type { Bucket, Tones } from "./shapes";
import type { Tick } from "./time-labels";

export const TONES_STACKED = ["negative", "neutral", "positive", "unjudged"] as const satisfies (keyof Tones)[];

/** The colours a chart is drawn in, as plain values. */
export interface TimeColors extends Record<(typeof TONES_STACKED)[number], string> {
  text: string;
  dim: string;
  surface: string;
  grid: string;
  line: string;
  accent: string;
  before: string;
  gap: string;
  gapSoft: string;
}

/** A note on the time line, in buckets along the axis. */
export interface Flag {
  start: number;
  /** Absent: a moment. */
  end?: number;
}

export interface TopicLine {
  name: string;
  color: string;
  mentions: number[];
}

interface Interval {
  value: number;
  low: number;
  high: number;
}

interface TimeChart {
  buckets: readonly Bucket[];
  ticks: readonly Tick[];
  bands: readonly Band[];
  flags: readonly Flag[];
  /** One line a topic in place of the tones. */
  lines: readonly TopicLine[] | null;
  /** The net sentiment of the whole time as people's labels correct it. */
  net?: Interval | null;
  colors: TimeColors;
  /** Numbers as the locale writes them. */
  count: (value: number) => string;
  points: (value: number) => string;
  font: string;
}

/** Where the chart lies in its box, in pixels; what lies over it is placed by the same figures. */
export const PLOT = { left: 52, right: 14, top: 26, height: 216, gap: 30, netHeight: 72, below: 26 } as const;

export function plotHeight(withNet: boolean): number {
  return PLOT.top + PLOT.height + (withNet ? PLOT.gap + PLOT.netHeight : 0) + PLOT.below;
}

const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3], [3, 3], [12, 4]] as const;

/** Mentions over time: stacked by tone with the net sentiment beneath, or a line a topic. */
export function timeChart(chart: TimeChart): EChartsCoreOption {
  const { buckets, colors, lines } = chart;
  const withNet = lines === null;
  const nets = netSentiments(buckets);
  const most = netScale(chart.net ? [...nets, chart.net.low, chart.net.high] : nets);
  return {
    animation: false,
    textStyle: { fontFamily: chart.font },
    grid: [
      { left: PLOT.left, right: PLOT.right, top: PLOT.top, height: PLOT.height },
      ...(withNet
        ? [{ left: PLOT.left, right: PLOT.right, top: PLOT.top + PLOT.height + PLOT.gap, height: PLOT.netHeight }]
        : []),
    ],
    xAxis: [timeAxis(chart, 0, !withNet), ...(withNet ? [timeAxis(chart, 1, true)] : [])],
    yAxis: [
      valueAxis(chart, 0, { minInterval: 1, splitNumber: 4, axisLabel: { formatter: chart.count } }),
      ...(withNet
        ? [
            valueAxis(chart, 1, {
              min: -most,
              max: most,
              interval: most,
              axisLabel: { formatter: (value: number) => chart.points(value) },
            }),
          ]
        : []),
    ],
    series: [
      bandSeries("gaps", chart.bands, 0, chart),
      ...(withNet ? [bandSeries("gaps-net", chart.bands, 1, chart)] : []),
      ...(lines ? topicSeries(lines) : toneSeries(buckets, colors)),
      ...beforeSeries(buckets, colors),
      ...(withNet && chart.net ? [intervalSeries(chart.net, most, colors)] : []),
      ...(withNet ? [netSeries(nets, colors)] : []),
      flagSeries(chart),
    ],
  };
}

/** Positive less negative in a hundred mentions, `null` where nothing was said. */
export function netSentiments(buckets: readonly Bucket[]): (number | null)[] {
  return buckets.map(({ mentions, positive, negative }) =>
    mentions === 0 ? null : ((positive - negative) / mentions) * 100,
  );
}

/** The end of the scale, the same above and below: a rise must not look like more than an equal fall. */
function netScale(nets: readonly (number | null)[]): number {
  const most = Math.max(0, ...nets.map((net) => Math.abs(net ?? 0)));
  return [10, 25, 50, 100].find((end) => most <= end) ?? 100;
}

function timeAxis({ buckets, ticks, colors }: TimeChart, gridIndex: number, named: boolean) {
  const texts = new Map(ticks.map(({ index, text }) => [index, text]));
  const shown = (index: number) => texts.has(index);
  return {
    type: "category",
    gridIndex,
    data: buckets.map((_, index) => String(index)),
    axisLine: { lineStyle: { color: colors.line } },
    axisTick: { show: true, interval: shown, alignWithLabel: true, length: 4, lineStyle: { color: colors.line } },
    axisLabel: {
      show: named,
      interval: shown,
      formatter: (value: string) => texts.get(Number(value)) ?? "",
      color: colors.dim,
      fontSize: 11,
      margin: 7,
      hideOverlap: true,
    },
  };
}

function valueAxis({ colors }: TimeChart, gridIndex: number, more: Record<string, unknown>) {
  const { axisLabel, ...rest } = more as { axisLabel?: object };
  return {
    type: "value",
    gridIndex,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colors.grid } },
    axisLabel: { color: colors.dim, fontSize: 11, margin: 8, ...axisLabel },
    ...rest,
  };
}

const QUIET = { silent: true, emphasis: { disabled: true } } as const;

function toneSeries(buckets: readonly Bucket[], colors: TimeColors) {
  const gap = buckets.length > 90 ? "12%" : "24%";
  return TONES_STACKED.map((tone) => ({
    ...QUIET,
    type: "bar",
    name: tone,
    stack: "tones",
    barCategoryGap: gap,
    barMaxWidth: 44,
    itemStyle: { color: colors[tone] },
    data: buckets.map((bucket) => bucket[tone]),
    z: 2,
  }));
}

function topicSeries(lines: readonly TopicLine[]) {
  return lines.map((line, index) => ({
    ...QUIET,
    type: "line",
    name: line.name,
    symbol: "none",
    lineStyle: { color: line.color, width: 2, type: DASHES[index % DASHES.length] },
    itemStyle: { color: line.color },
    data: line.mentions,
    z: 3,
  }));
}

function beforeSeries(buckets: readonly Bucket[], colors: TimeColors) {
  if (buckets.every((bucket) => bucket.before === null)) return [];
  return [
    {
      ...QUIET,
      type: "line",
      name: "before",
      step: "middle",
      symbol: "none",
      lineStyle: { color: colors.before, width: 1.5, type: [4, 3] },
      itemStyle: { color: colors.before },
      data: buckets.map((bucket) => bucket.before),
      z: 4,
    },
  ];
}

function netSeries(nets: (number | null)[], colors: TimeColors) {
  const crowded = nets.length > 60;
  return {
    ...QUIET,
    type: "line",
    name: "net",
    xAxisIndex: 1,
    yAxisIndex: 1,
    symbol: "circle",
    showSymbol: !crowded,
    symbolSize: 4,
    lineStyle: { color: colors.accent, width: 1.5 },
    itemStyle: { color: colors.accent },
    areaStyle: { color: colors.accent, opacity: 0.12, origin: 0 },
    data: nets,
    z: 3,
  };
}

interface Area {
  coordSys: { x: number; y: number; width: number; height: number };
}

/** Hatched bands where something may be missing: a fall there is no fall. */
function bandSeries(name: string, bands: readonly Band[], index: number, { buckets, colors }: TimeChart) {
  return {
    ...QUIET,
    type: "custom",
    name,
    xAxisIndex: index,
    yAxisIndex: index,
    data: bands.length > 0 ? [0] : [],
    z: 1,
    renderItem: ({ coordSys: { x, y, width, height } }: Area) => ({
      type: "group",
      children: bands.flatMap(({ start, end }) => {
        const left = x + (start / buckets.length) * width;
        const wide = Math.max(3, ((end - start) / buckets.length) * width);
        return [
          { type: "rect", shape: { x: left, y, width: wide, height }, style: { fill: colors.gapSoft } },
          {
            type: "path",
            shape: { pathData: hatching(left, y, wide, height) },
            style: { fill: "none", stroke: colors.gap, lineWidth: 1, opacity: 0.55 },
          },
        ];
      }),
    }),
  };
}

/** A band from end to end of the interval, and a dashed line at the corrected value. */
function intervalSeries({ value, low, high }: Interval, most: number, colors: TimeColors) {
  return {
    ...QUIET,
    type: "custom",
    name: "net-interval",
    xAxisIndex: 1,
    yAxisIndex: 1,
    data: [0],
    z: 2,
    renderItem: ({ coordSys: { x, y, width, height } }: Area) => {
      const at = (points: number) => y + ((most - points) / (2 * most)) * height;
      return {
        type: "group",
        children: [
          {
            type: "rect",
            shape: { x, y: at(high), width, height: Math.max(1, at(low) - at(high)) },
            style: { fill: colors.text, opacity: 0.12 },
          },
          {
            type: "line",
            shape: { x1: x, y1: at(value), x2: x + width, y2: at(value) },
            style: { stroke: colors.text, lineWidth: 1.5, lineDash: [5, 4] },
          },
        ],
      };
    },
  };
}

function flagSeries({ flags, buckets, colors }: TimeChart) {
  return {
    ...QUIET,
    type: "custom",
    name: "flags",
    data: flags.length > 0 ? [0] : [],
    z: 5,
    renderItem: ({ coordSys: { x, y, width, height } }: Area) => ({
      type: "group",
      children: flags.flatMap(({ start, end }) => {
        const at = Math.round(x + (start / buckets.length) * width) + 0.5;
        const until = end === undefined ? at : x + (end / buckets.length) * width;
        return [
          {
            type: "rect",
            shape: { x: at, y, width: Math.max(0, until - at), height },
            style: { fill: colors.accent, opacity: 0.08 },
          },
          {
            type: "line",
            shape: { x1: at, y1: y - 16, x2: at, y2: y + height },
            style: { stroke: colors.accent, lineWidth: 1 },
          },
          {
            type: "polygon",
            shape: {
              points: [
                [at, y - 16],
                [at + 11, y - 12],
                [at, y - 8],
              ],
            },
            style: { fill: colors.accent },
          },
        ];
      }),
    }),
  };
}
