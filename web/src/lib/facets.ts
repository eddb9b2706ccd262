import type { FacetCounts, FacetValue } from "~/api/archive";

/** A line of a facet: a value with what is known of it. */
export interface FacetLine {
  value: string;
  /** As the archive names it; the page may know better. */
  label?: string;
  /** `null` while it is not known: a chosen value beyond the most frequent ones. */
  mentions: number | null;
  chosen: boolean;
}

/** The lines of a facet: what is chosen first, then the most frequent, then those without a value. */
export function facetLines(counts: FacetCounts | undefined, chosen: readonly string[], tone: boolean): FacetLine[] {
  const nothing = tone ? "none" : "";
  const values: FacetValue[] = [...(counts?.values ?? [])];
  if (counts && counts.without > 0 && !values.some(({ value }) => value === nothing)) {
    values.push({ value: nothing, label: "", mentions: counts.without });
  }
  const known = new Map(values.map((one) => [one.value, one]));
  const lifted = chosen.map((value): FacetLine => {
    const found = known.get(value);
    // A value the archive has none of is told as such; one beyond the listed may have any number.
    const mentions = found?.mentions ?? (counts && counts.others === 0 ? 0 : null);
    return { value, label: found?.label, mentions, chosen: true };
  });
  const rest = values
    .filter(({ value }) => !chosen.includes(value))
    .map(({ value, label, mentions }): FacetLine => ({ value, label, mentions, chosen: false }));
  return [...lifted, ...rest];
}

/** The lines whose name holds what is looked for; what is chosen stays in sight. */
export function linesWith(lines: readonly FacetLine[], text: string, name: (line: FacetLine) => string): FacetLine[] {
  const wanted = text.trim().toLocaleLowerCase();
  if (wanted === "") return [...lines];
  return lines.filter((line) => line.chosen || name(line).toLocaleLowerCase().includes(wanted));
}
