import type { Suggestion } from "~/api/types";

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

/** Line and column, both from 1, of a place in the query: `2:14`. */
export function place(query: string, at: number): string {
  const before = query.slice(0, at);
  const line = before.split("\n").length;
  return `${line}:${at - before.lastIndexOf("\n")}`;
}
