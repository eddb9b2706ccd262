/** What a textarea of entries holds, one a line. */
export interface Entries {
  entries: string[];
  /** The line, from 1, that each entry stands on. */
  lines: number[];
  /** How many lines say again what an earlier one said. */
  repeated: number;
}

export const MOST_ENTRIES = 10_000;

/** Blank lines and repetitions are left out; letter case does not make another entry. */
export function readEntries(text: string): Entries {
  const seen = new Set<string>();
  const found: Entries = { entries: [], lines: [], repeated: 0 };
  text.split(/\r\n?|\n/).forEach((line, index) => {
    const entry = line.trim();
    if (entry === "") return;
    const key = entry.toLocaleLowerCase();
    if (seen.has(key) && !entry.startsWith("==")) {
      found.repeated += 1;
      return;
    }
    seen.add(key);
    found.entries.push(entry);
    found.lines.push(index + 1);
  });
  return found;
}

/** The number of the entry, from 0, that a field of an error is about: `entries.3`, `entries[3]`. */
export function entryOf(field: string): number | null {
  const found = /^entries[.[/](\d+)\]?$/.exec(field);
  return found ? Number(found[1]) : null;
}

/** Where a line, from 1, begins and ends. */
export function lineSpan(text: string, line: number): { start: number; end: number } {
  const lines = text.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return { start, end: start + (lines[line - 1]?.length ?? 0) };
}
