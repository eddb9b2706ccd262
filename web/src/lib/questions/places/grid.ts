/** Code, then mark and name in Russian, in Ukrainian, in English; then other names in use, split by `|`. */
export type Region = readonly [
  code: string,
  markRu: string,
  nameRu: string,
  markUk: string,
  nameUk: string,
  markEn: string,
  nameEn: string,
  others?: string,
];

/** The regions of a country, and where the square of each stands: codes in rows, `.` where nothing does. */
export interface RegionGrid {
  /** ISO 3166-1 alpha-2. */
  country: string;
  regions: readonly Region[];
  rows: readonly string[];
}

/** Column and row of a square, from 0. */
export interface Spot {
  code: string;
  column: number;
  row: number;
}

export function spotsOf(rows: readonly string[]): Spot[] {
  return rows.flatMap((line, row) =>
    line.split(/\s+/).flatMap((code, column) => (code === "." ? [] : [{ code, column, row }])),
  );
}

const SPOKEN = { ru: 1, uk: 3, en: 5 } as const;

/** The mark of two or three letters and the name of a region. */
export function spoken(region: Region, locale: string): { mark: string; name: string } {
  const at = SPOKEN[locale.slice(0, 2) as keyof typeof SPOKEN] ?? SPOKEN.en;
  return { mark: region[at] ?? region[0], name: region[at + 1] ?? region[0] };
}
