import type { AttachmentRule, LengthRule } from "~/api/replies";

/** The length of a text by a network's rule. */
export interface Measured {
  used: number;
  limit: number;
  /** Bytes of UTF-8. */
  bytes: number;
  /** Too long by either limit. */
  over: boolean;
}

const ADDRESS = /https?:\/\/[^\p{White_Space}<>"«»]*/iuy;
/** What ends a sentence does not belong to an address. */
const CLOSING = /[.,;:!?)\]}'…]+$/u;
const HANDLE = /(@[A-Za-z0-9_.-]+)@([A-Za-z0-9_.-]+)/y;
const WORD = /[\p{Alphabetic}\p{N}/]$/u;

const encoder = new TextEncoder();
let segmenter: Intl.Segmenter | undefined;

/** Counts as the network does. The server counts by the same rules; both are held to one table of cases. */
export function measure(rule: LengthRule, text: string): Measured {
  let used = 0;
  let at = 0;
  while (at < text.length) {
    const found = special(rule, text, at);
    if (found) {
      used += found.counts;
      at += found.length;
    } else {
      const next = plainUntil(rule, text, at);
      used += count(rule, text.slice(at, next));
      at = next;
    }
  }
  const bytes = encoder.encode(text).length;
  const over = used > rule.limit || (rule.bytes !== null && bytes > rule.bytes);
  return { used, limit: rule.limit, bytes, over };
}

/** An address or a handle that begins here, and what it counts. */
function special(rule: LengthRule, text: string, at: number): { length: number; counts: number } | null {
  const address = rule.url_counts === null ? null : addressAt(text, at);
  if (address !== null && rule.url_counts !== null) return { length: address.length, counts: rule.url_counts };
  if (rule.short_handles && !WORD.test(lastLetter(text, at))) {
    const handle = handleAt(text, at);
    if (handle) return { length: handle.whole.length, counts: count(rule, handle.local) };
  }
  return null;
}

/** Up to the next place where an address or a handle may begin. */
function plainUntil(rule: LengthRule, text: string, from: number): number {
  let at = from + width(text, from);
  while (at < text.length) {
    const letter = text[at];
    if (rule.url_counts !== null && (letter === "h" || letter === "H") && addressAt(text, at) !== null) return at;
    if (rule.short_handles && letter === "@") return at;
    at += width(text, at);
  }
  return at;
}

/** The web address that begins here, without the punctuation that ends a sentence. */
export function addressAt(text: string, at: number): string | null {
  ADDRESS.lastIndex = at;
  const found = ADDRESS.exec(text)?.[0].replace(CLOSING, "");
  return found !== undefined && /^https?:\/\/./iu.test(found) ? found : null;
}

/** `@user` and the whole `@user@server` that begin here. */
function handleAt(text: string, at: number): { local: string; whole: string } | null {
  HANDLE.lastIndex = at;
  const found = HANDLE.exec(text);
  const server = found?.[2]?.replace(/[.-]+$/, "");
  return found?.[1] && server ? { local: found[1], whole: `${found[1]}@${server}` } : null;
}

function count({ unit }: LengthRule, text: string): number {
  if (unit === "utf16") return text.length;
  if (unit === "characters") return [...text].length;
  if (unit === "graphemes") return graphemes(text).length;
  return graphemes(text).reduce((sum, grapheme) => sum + weight(grapheme), 0);
}

function graphemes(text: string): string[] {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

const EMOJI = /[\u{1F000}-\u{1FAFF}]|\u{FE0F}|\u{20E3}/u;
const LIGHT = [
  [0, 4351],
  [8192, 8205],
  [8208, 8223],
  [8242, 8247],
] as const;

/** As X weighs: the Latin and neighbouring blocks one, any other letter two, an emoji sequence two. */
function weight(grapheme: string): number {
  if (EMOJI.test(grapheme)) return 2;
  let sum = 0;
  for (const letter of grapheme) {
    const code = letter.codePointAt(0) ?? 0;
    sum += LIGHT.some(([from, to]) => code >= from && code <= to) ? 1 : 2;
  }
  return sum;
}

function width(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function lastLetter(text: string, at: number): string {
  const low = text.charCodeAt(at - 1);
  return text.slice(low >= 0xdc00 && low <= 0xdfff ? at - 2 : at - 1, at);
}

/** The rule for a text that has files beside it: on some networks it is a caption then, and shorter. */
export function besideFiles(rule: LengthRule, files: AttachmentRule | null): LengthRule {
  return files?.text == null ? rule : { ...rule, limit: Math.min(rule.limit, files.text) };
}
