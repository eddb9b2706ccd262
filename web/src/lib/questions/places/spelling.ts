import type { Region, RegionGrid } from "./grid";

type Kind = "land" | "republic" | "city";

/** The words by which a name says what it is. A city and the land around it, or two neighbours, may differ only by these. */
const KINDS = new Map<string, Kind>();
for (const [kind, words] of [
  ["land", "область обл oblast obl region province край krai kray territory округ okrug ао district"],
  ["republic", "республика республіка респ republic respublika"],
  ["city", "город гор г місто м city gorod"],
] as const) {
  for (const word of words.split(" ")) KINDS.set(word, kind);
}

/** Regions that are cities. */
const CITIES = new Set(["RU-MOW", "RU-SPE", "UA-30", "UA-40"]);

/** Words that tell nothing. */
const EMPTY = new Set("автономная автономный автономна автономний автономної autonomous avtonomnyy of the".split(" "));

interface Spelling {
  stem: string;
  kind: Kind | null;
}

/** A name as it is compared: small letters, without signs, its kind apart; Latin endings of adjectives in one spelling. */
function spelled(text: string): Spelling {
  const words = text
    .toLowerCase()
    .replace(/ё/g, "е")
    .replace(/[’'ʼ`´]/g, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && !EMPTY.has(word));
  const stem = words.filter((word) => !KINDS.has(word)).map(evened);
  return { stem: stem.join(" "), kind: words.map((word) => KINDS.get(word)).find(Boolean) ?? null };
}

/** `Sverdlovskaya`, `Sverdlovskaja` and `Sverdlovskaia` are one name. */
function evened(word: string): string {
  return word
    .replace(/(?<=[a-z]{3})(aya|aja|aia)$/, "aya")
    .replace(/(?<=[a-z]{3})(skiy|skij|skyi|skii|skyy|sky)$/, "sky");
}

const LATIN: Record<string, string> = {};
for (const pair of (
  "а:a б:b в:v г:g д:d е:e ж:zh з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts ч:ch ш:sh щ:shch " +
  "ъ: ы:y ь: э:e ю:yu я:ya є:ie і:i ї:i ґ:g"
).split(" ")) {
  const [letter, latin] = pair.split(":");
  LATIN[letter as string] = latin ?? "";
}

/** A name in Latin letters, as machines write it: `Sverdlovskaya oblast`. */
function latin(text: string, over: Record<string, string> = {}): string {
  return [...text.toLowerCase()].map((letter) => over[letter] ?? LATIN[letter] ?? letter).join("");
}

/** Ukrainian letters that sound otherwise than the Russian ones of the same shape. */
const UKRAINIAN = { г: "h", и: "y" };

function namesOf(region: Region): string[] {
  const [, , ru, , uk, , en, others] = region;
  return [ru, uk, en, latin(ru), latin(uk, UKRAINIAN), ...(others?.split("|") ?? [])];
}

/** Finds regions by any spelling of their names or by their ISO 3166-2 code; answers `RU-SAR`, or null for what it does not know. */
export function speller(grids: readonly RegionGrid[]): (text: string) => string | null {
  const codes = new Set<string>();
  const exact = new Map<string, string>();
  /** By the bare name; `null` where two regions share it, as a city and its land do. */
  const bare = new Map<string, string | null>();
  for (const { country, regions } of grids) {
    for (const region of regions) {
      const code = `${country}-${region[0]}`;
      codes.add(code);
      for (const name of namesOf(region)) {
        const { stem, kind } = spelled(name);
        exact.set(`${stem}/${kind}`, code);
        bare.set(stem, (bare.get(stem) ?? code) === code && bare.get(stem) !== null ? code : null);
      }
    }
  }
  return (text) => {
    const code = text.trim().toUpperCase();
    if (codes.has(code)) return code;
    const { stem, kind } = spelled(text);
    const sure = exact.get(`${stem}/${kind}`) ?? (kind === "city" ? exact.get(`${stem}/null`) : undefined);
    if (sure) return sure;
    const likely = bare.get(stem) ?? null;
    // What calls itself a region is not the city of that name, nor the other way round.
    const contrary = kind !== null && likely !== null && (kind === "city") !== CITIES.has(likely);
    return contrary ? null : likely;
  };
}
