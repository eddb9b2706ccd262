import type { Mention } from "~/api/types";

/** Mentions of one post that stand together in a list, one a topic: they are shown as one row. */
export interface Fold {
  /** The first of them; names the row and is opened by it. */
  lead: Mention;
  mentions: readonly Mention[];
}

/** The last row made for each first mention: rows that did not change stay the same object, and need not be drawn again. */
const made = new WeakMap<Mention, Fold>();

/** Folds what stands together and is of one post; the order stays. */
export function folded(items: readonly Mention[]): Fold[] {
  const runs: [Mention, ...Mention[]][] = [];
  for (const mention of items) {
    const run = runs.at(-1);
    if (run && run[0].post.urn === mention.post.urn) run.push(mention);
    else runs.push([mention]);
  }
  return runs.map((mentions) => {
    const before = made.get(mentions[0]);
    if (before && sameList(before.mentions, mentions)) return before;
    const fold = { lead: mentions[0], mentions };
    made.set(mentions[0], fold);
    return fold;
  });
}

function sameList<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

/** What all have, or undefined where they differ. */
export function common<T, V>(items: readonly T[], of: (item: T) => V): V | undefined {
  const [first, ...rest] = items.map(of);
  return rest.every((value) => value === first) ? first : undefined;
}
