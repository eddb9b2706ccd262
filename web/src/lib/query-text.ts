import type { Diagnostic, Suggestion } from "~/api/types";

/** The query of a suggestion with some spellings and exclusions switched off. Exclusions are written without `NOT`. */
export function composeQuery(
  suggestion: Suggestion,
  spellings: ReadonlySet<string>,
  exclusions: ReadonlySet<string>,
): string {
  const chosen = suggestion.spellings.filter((spelling) => spellings.has(spelling)).map(quoted);
  const words = chosen.length > 1 ? `(${chosen.join(" OR ")})` : (chosen[0] ?? "");
  const without = suggestion.exclusions.filter(({ clause }) => exclusions.has(clause)).map(({ clause }) => clause);
  if (without.length === 0) return words.replace(/^\((.*)\)$/s, "$1");
  return [words, ...without.map((clause) => `NOT ${bracketed(clause)}`)].join("\n");
}

/** A spelling of several words stands as a phrase. */
function quoted(spelling: string): string {
  return /[\s"()]/.test(spelling) && !/^["(]/.test(spelling) ? `"${spelling.replaceAll('"', "")}"` : spelling;
}

function bracketed(clause: string): string {
  return /\s/.test(clause) && !/^(\(.*\)|"[^"]*")$/s.test(clause) ? `(${clause})` : clause;
}

/** A stretch of the query with the worst thing said about it. */
export interface Underline {
  text: string;
  severity: Diagnostic["severity"] | null;
}

/** Cuts the query at the borders of its diagnostics. An empty span still shows: it takes the character before it. */
export function underlines(query: string, diagnostics: readonly Diagnostic[]): Underline[] {
  const marks = diagnostics.map((diagnostic) => {
    const end = Math.min(Math.max(diagnostic.end, diagnostic.start), query.length);
    const start = Math.min(diagnostic.start, end);
    return { ...diagnostic, start: start === end ? Math.max(0, start - 1) : start, end };
  });
  const cuts = [...new Set([0, query.length, ...marks.flatMap(({ start, end }) => [start, end])])].sort(
    (a, b) => a - b,
  );
  const found: Underline[] = [];
  for (let index = 0; index + 1 < cuts.length; index += 1) {
    const [from, to] = [cuts[index] ?? 0, cuts[index + 1] ?? 0];
    const over = marks.filter(({ start, end }) => start <= from && end >= to);
    const severity = over.some((mark) => mark.severity === "error") ? "error" : over.length > 0 ? "warning" : null;
    found.push({ text: query.slice(from, to), severity });
  }
  return found;
}

/** The query with a diagnostic's proposal in place, and where the caret goes. */
export function fixed(query: string, diagnostic: Diagnostic): { query: string; caret: number } {
  const replacement = diagnostic.replacement ?? "";
  return {
    query: query.slice(0, diagnostic.start) + replacement + query.slice(diagnostic.end),
    caret: diagnostic.start + replacement.length,
  };
}

/** Line and column, both from 1, of a place in the query: `2:14`. */
export function place(query: string, at: number): string {
  const before = query.slice(0, at);
  const line = before.split("\n").length;
  return `${line}:${at - before.lastIndexOf("\n")}`;
}
