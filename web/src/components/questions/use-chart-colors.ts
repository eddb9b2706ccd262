import { useSyncExternalStore } from "react";

const NAMES = {
  text: "--m-text",
  dim: "--m-dim",
  surface: "--m-surface",
  grid: "--m-chart-grid",
  line: "--m-line-strong",
  accent: "--m-accent",
  negative: "--m-chart-negative",
  neutral: "--m-chart-neutral",
  positive: "--m-chart-positive",
  unjudged: "--m-chart-unjudged",
  other: "--m-chart-other",
  before: "--m-chart-before",
  gap: "--m-chart-gap",
  gapSoft: "--m-chart-gap-soft",
  one: "--m-chart-1",
  two: "--m-chart-2",
  three: "--m-chart-3",
  four: "--m-chart-4",
  five: "--m-chart-5",
  six: "--m-chart-6",
} as const;

export type ChartColors = Record<keyof typeof NAMES, string>;

export function seriesColors(colors: ChartColors): string[] {
  return [colors.one, colors.two, colors.three, colors.four, colors.five, colors.six];
}

/** The colours of the theme as plain values, for drawings that leave the page. */
export function chartColors(): ChartColors {
  const style = getComputedStyle(document.documentElement);
  const pairs = Object.entries(NAMES).map(([name, variable]) => [name, style.getPropertyValue(variable).trim()]);
  return Object.fromEntries(pairs) as ChartColors;
}

const SCHEME = "data-mantine-color-scheme";
let scheme: string | null = null;
let kept: ChartColors | null = null;

function current(): ChartColors {
  const now = document.documentElement.getAttribute(SCHEME);
  if (!kept || now !== scheme) {
    scheme = now;
    kept = chartColors();
  }
  return kept;
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: [SCHEME] });
  return () => observer.disconnect();
}

/** The colours for charts, again whenever the scheme changes. */
export function useChartColors(): ChartColors {
  return useSyncExternalStore(subscribe, current);
}
