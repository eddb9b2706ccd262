import type { Span } from "~/api/types";

/** A run of text, marked or not. */
export interface Piece {
  /** Where it begins, in UTF-16 code units. */
  at: number;
  text: string;
  marked: boolean;
}

/** Cuts a text into marked and plain runs. Spans may overlap, touch, stand in any order or reach past the end. */
export function pieces(text: string, spans: readonly Pick<Span, "start" | "end">[]): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const { start, end } of merged(text.length, spans)) {
    if (start > at) found.push({ at, text: text.slice(at, start), marked: false });
    found.push({ at: start, text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) found.push({ at, text: text.slice(at), marked: false });
  return found;
}

function merged(length: number, spans: readonly Pick<Span, "start" | "end">[]): { start: number; end: number }[] {
  const sorted = spans
    .map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(length, end) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
  const joined: { start: number; end: number }[] = [];
  for (const span of sorted) {
    const last = joined.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else joined.push({ ...span });
  }
  return joined;
}

/** The spans of the title or of the text. */
export function spansOf(spans: readonly Span[], inTitle: boolean): Span[] {
  return spans.filter((span) => span.in_title === inTitle);
}

const LEAD = 60;
const LONGEST = 360;

/**
 * The part of a long text worth two lines: from shortly before the first marked word, so that a row shows why it is here.
 * Line breaks become spaces; positions follow.
 */
export function excerpt(text: string, spans: readonly Span[]): { text: string; spans: Span[] } {
  const flat = text.replace(/\s/g, " ");
  const first = Math.min(...spans.map((span) => span.start), Number.POSITIVE_INFINITY);
  let from = 0;
  if (Number.isFinite(first) && first > LEAD * 2) {
    const space = flat.indexOf(" ", first - LEAD);
    from = space >= 0 && space < first ? space + 1 : first;
  }
  const cut = flat.slice(from, from + LONGEST);
  const lead = from > 0 ? "… " : "";
  const shift = from - lead.length;
  return {
    text: lead + cut,
    spans: spans
      .filter((span) => span.end > from && span.start < from + LONGEST)
      .map((span) => ({ ...span, start: Math.max(span.start - shift, lead.length), end: span.end - shift })),
  };
}

/** The marked words, each once, in the order of their first place: the short answer to "why is this here". */
export function matchedWords(title: string | null, text: string, spans: readonly Span[]): string[] {
  const words = new Map<string, string>();
  for (const inTitle of [true, false]) {
    for (const piece of pieces(inTitle ? (title ?? "") : text, spansOf(spans, inTitle))) {
      if (piece.marked && !words.has(piece.text.toLowerCase())) words.set(piece.text.toLowerCase(), piece.text);
    }
  }
  return [...words.values()];
}
