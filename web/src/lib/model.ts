import type { DriftWeek, Score } from "~/api/model";

/** Scores of one head, the whole first, then by language, then by topic. */
export function scoreRows(scores: readonly Score[]): Score[] {
  const rank = ({ language, topic_id }: Score) => (topic_id !== null ? 2 : language !== null ? 1 : 0);
  const heads = [...new Set(scores.map(({ head }) => head))];
  return [...scores].sort(
    (a, b) =>
      heads.indexOf(a.head) - heads.indexOf(b.head) ||
      rank(a) - rank(b) ||
      b.examples - a.examples ||
      (a.language ?? "").localeCompare(b.language ?? ""),
  );
}

export type Verdict = "better" | "worse" | "same" | "unknown";

/** Whether the newer is better by more than chance: the older lies outside of its interval. */
export function verdict({ before, after, low, high }: Pick<Score, "before" | "after" | "low" | "high">): Verdict {
  if (before === null || after === null) return "unknown";
  if (low !== null && before < low) return "better";
  if (high !== null && before > high) return "worse";
  return "same";
}

/** Of what people called so, the shares the model called each; and how many that are. */
export function confusionRows(confusion: readonly (readonly number[])[]): { total: number; shares: number[] }[] {
  return confusion.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return { total, shares: row.map((count) => (total > 0 ? count / total : 0)) };
  });
}

/** How often the model is right of all, 0 to 1; nothing where there is nothing. */
export function accuracy(confusion: readonly (readonly number[])[]): number | null {
  const all = confusion.flat().reduce((sum, count) => sum + count, 0);
  const right = confusion.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
  return all > 0 ? right / all : null;
}

/** The largest change of the share of negative from one week to the next, in points of a hundred. */
export function largestDrift(weeks: readonly DriftWeek[]): { week: string; points: number } | null {
  const shares = weeks.map(({ week, negative, neutral, positive }) => {
    const all = negative + neutral + positive;
    return { week, share: all > 0 ? negative / all : null };
  });
  let found: { week: string; points: number } | null = null;
  for (const [index, { week, share }] of shares.entries()) {
    const before = shares[index - 1]?.share;
    if (share === null || before == null) continue;
    const points = (share - before) * 100;
    if (!found || Math.abs(points) > Math.abs(found.points)) found = { week, points };
  }
  return found;
}
