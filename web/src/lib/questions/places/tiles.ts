import type { Spot } from "./grid";

const STEPS = 4;

/**
 * The least figure of each shade, the palest first, for the figures to be shown. The steps multiply instead of adding up:
 * one great city would otherwise leave everything else equally pale.
 */
export function shades(figures: readonly number[]): number[] {
  const said = figures.filter((figure) => figure > 0);
  if (said.length === 0) return [];
  const least = Math.min(...said);
  const growth = Math.max(...said) / least;
  return [...new Set(Array.from({ length: STEPS }, (_, step) => Math.ceil(least * growth ** (step / STEPS))))];
}

/** Which shade a figure has, from 1; nothing has 0. With fewer steps than shades the deeper ones are used. */
export function shadeOf(figure: number, steps: readonly number[]): number {
  const reached = steps.filter((least) => figure >= least).length;
  return reached === 0 ? 0 : reached + STEPS - steps.length;
}

const WAYS: Record<string, [across: number, down: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The square an arrow key leads to: the nearest that way, those straight ahead first. */
export function neighbour<T extends Pick<Spot, "column" | "row">>(
  tiles: readonly T[],
  from: Pick<Spot, "column" | "row">,
  key: string,
): T | undefined {
  const way = WAYS[key];
  if (!way) return undefined;
  let best: { tile: T; cost: number } | undefined;
  for (const tile of tiles) {
    const across = tile.column - from.column;
    const down = tile.row - from.row;
    const ahead = across * way[0] + down * way[1];
    const aside = Math.abs(across * way[1]) + Math.abs(down * way[0]);
    const cost = ahead + 2 * aside;
    if (ahead > 0 && (!best || cost < best.cost)) best = { tile, cost };
  }
  return best?.tile;
}
