import type { PlaceMap } from "./places/place-map";
import { shadeOf, shades } from "./places/tiles";
import { TONES_STACKED } from "./time-chart";

/** Charts as drawings of their own, for files: every colour and font stands in them. */
export interface DrawingColors extends Record<(typeof TONES_STACKED)[number], string> {
  text: string;
  dim: string;
  surface: string;
  grid: string;
  accent: string;
  other: string;
}

export interface Drawing {
  body: string;
  width: number;
  height: number;
}

export interface DrawnBar {
  label: string;
  /** 0 to 1 of the width. */
  length: number;
  text: string;
  /** Parts of the bar by tone, in their own measure; without them the bar is whole. */
  tones?: Record<(typeof TONES_STACKED)[number], number>;
  strong?: boolean;
}

export interface Legend {
  color: string;
  text: string;
}

interface Framed {
  title: string;
  subtitle: string;
  note: string;
  legend: Legend[];
  drawing: Drawing;
  colors: DrawingColors;
  font: string;
}

const MARGIN = 24;
const ROW = 26;
const LABEL = 220;
const FIGURE = 140;

/** Text as it may stand in XML; control characters may not, not even escaped. */
export function escapeXml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
  const letters = [...text].filter((letter) => letter >= " " || letter === "\t" || letter === "\n");
  return letters.join("").replace(/[&<>"']/g, (sign) => entities[sign] ?? "");
}

interface Written {
  x: number;
  y: number;
  fill: string;
  size?: number;
  weight?: number;
  anchor?: "start" | "middle" | "end";
}

function written(text: string, { x, y, fill, size = 12, weight = 400, anchor = "start" }: Written): string {
  return `<text x="${x}" y="${y}" fill="${fill}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}">${escapeXml(text)}</text>`;
}

function box(x: number, y: number, width: number, height: number, fill: string, radius = 0): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(0, width))}" height="${height}" rx="${radius}" fill="${fill}"/>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function shortened(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join("")}…`;
}

/** A drawing with its title above, its legend, and what it rests on beneath: a file must explain itself. */
export function framed({ title, subtitle, note, legend, drawing, colors, font }: Framed): string {
  const width = drawing.width + 2 * MARGIN;
  const top = 76 + (legend.length > 0 ? 24 : 0);
  const height = top + drawing.height + 44;
  let at = MARGIN;
  const signs = legend.map(({ color, text }) => {
    const sign = box(at, 71, 10, 10, color, 2) + written(text, { x: at + 15, y: 80, fill: colors.dim });
    at += 15 + [...text].length * 6.6 + 22;
    return sign;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escapeXml(font)}">`,
    `<title>${escapeXml(title)}</title>`,
    box(0, 0, width, height, colors.surface),
    written(title, { x: MARGIN, y: 34, fill: colors.text, size: 17, weight: 600 }),
    written(subtitle, { x: MARGIN, y: 54, fill: colors.dim }),
    ...signs,
    `<g transform="translate(${MARGIN} ${top})">${drawing.body}</g>`,
    written(note, { x: MARGIN, y: height - 16, fill: colors.dim, size: 11 }),
    "</svg>",
  ].join("");
}

/** Ranked bars: a name, a bar, a figure. */
export function barsDrawing(bars: readonly DrawnBar[], colors: DrawingColors, width = 760): Drawing {
  const room = width - LABEL - FIGURE;
  const rows = bars.map((bar, index) => {
    const y = index * ROW;
    const length = Math.max(bar.length > 0 ? 2 : 0, bar.length * room);
    return [
      written(shortened(bar.label, 32), { x: 0, y: y + 17, fill: colors.text, weight: bar.strong ? 600 : 400 }),
      barParts(bar, LABEL, y + 6, length, colors),
      written(bar.text, { x: width, y: y + 17, fill: colors.text, anchor: "end" }),
    ].join("");
  });
  return { body: rows.join(""), width, height: bars.length * ROW };
}

function barParts(bar: DrawnBar, x: number, y: number, length: number, colors: DrawingColors): string {
  const { tones } = bar;
  if (!tones) return box(x, y, length, 14, bar.strong ? colors.accent : colors.other, 2);
  const total = TONES_STACKED.reduce((sum, tone) => sum + tones[tone], 0) || 1;
  let at = x;
  return TONES_STACKED.map((tone) => {
    const part = (tones[tone] / total) * length;
    const drawn = part > 0 ? box(at, y, part, 14, colors[tone]) : "";
    at += part;
    return drawn;
  }).join("");
}

interface Heat {
  cells: readonly (readonly number[])[];
  days: readonly string[];
  hours: readonly string[];
  colors: DrawingColors;
  count: (value: number) => string;
}

const CELL = 30;

/** Hours by days, each square with its figure: the deeper the more. */
export function heatDrawing({ cells, days, hours, colors, count }: Heat): Drawing {
  const most = Math.max(1, ...cells.flat());
  const left = 48;
  const head = hours.map((hour, index) =>
    index % 3 === 0
      ? written(hour, { x: left + index * CELL + CELL / 2, y: 12, fill: colors.dim, size: 11, anchor: "middle" })
      : "",
  );
  const rows = cells.map((row, day) => {
    const y = 20 + day * CELL;
    const squares = row.map((value, hour) => {
      const x = left + hour * CELL;
      const depth = round(value / most);
      const square = `<rect x="${x}" y="${y}" width="${CELL - 2}" height="${CELL - 2}" rx="3" fill="${colors.accent}" fill-opacity="${value === 0 ? 0.04 : round(0.12 + 0.88 * depth)}"/>`;
      const fill = depth > 0.45 ? colors.surface : colors.text;
      const figure =
        value === 0 ? "" : written(count(value), { x: x + CELL / 2 - 1, y: y + 18, fill, size: 9, anchor: "middle" });
      return square + figure;
    });
    return written(days[day] ?? "", { x: 0, y: y + 18, fill: colors.dim }) + squares.join("");
  });
  return { body: head.join("") + rows.join(""), width: left + 24 * CELL, height: 20 + 7 * CELL };
}

const TILE = 40;
/** How much of the accent each shade of a map has, as on the page. */
const SHADES = [0.05, 0.2, 0.37, 0.54, 1];

/** Squares where the places lie, each with its mark and its figure; one map under the other. */
export function tilesDrawing(
  maps: readonly PlaceMap[],
  colors: DrawingColors,
  count: (value: number) => string,
): Drawing {
  const steps = shades(maps.flatMap(({ tiles }) => tiles.map(({ mentions }) => mentions)));
  let top = 0;
  const drawn = maps.map((map) => {
    const squares = map.tiles.map(({ column, row, mentions, mark }) => {
      const x = column * TILE;
      const y = top + row * TILE;
      const shade = shadeOf(mentions, steps);
      const fill = shade === SHADES.length - 1 ? colors.surface : shade === 0 ? colors.dim : colors.text;
      return [
        `<rect x="${x}" y="${y}" width="${TILE - 2}" height="${TILE - 2}" rx="3" fill="${colors.accent}" fill-opacity="${SHADES[shade]}"/>`,
        written(mark, { x: x + TILE / 2 - 1, y: y + (mentions > 0 ? 17 : 23), fill, size: 11, anchor: "middle" }),
        mentions > 0
          ? written(count(mentions), { x: x + TILE / 2 - 1, y: y + 30, fill, size: 9, anchor: "middle" })
          : "",
      ].join("");
    });
    top += (map.rows + 0.5) * TILE;
    return squares.join("");
  });
  return {
    body: drawn.join(""),
    width: Math.max(0, ...maps.map(({ columns }) => columns)) * TILE,
    height: top,
  };
}

/** Words where they stand on the page. */
export interface PlacedWord {
  text: string;
  x: number;
  /** The line the letters stand on. */
  y: number;
  size: number;
  weight: number;
  fill: string;
}

export function wordsDrawing(words: readonly PlacedWord[], width: number, height: number): Drawing {
  return { body: words.map((word) => written(word.text, word)).join(""), width, height };
}

/** A drawing of the chart library, as it came. */
export function foreignDrawing(svg: string, width: number, height: number): Drawing {
  return { body: svg, width, height };
}
