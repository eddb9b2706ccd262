import type { Mention, MentionChange } from "~/api/types";

export type Judgement = Omit<MentionChange, "ids">;

/** The mention as it will be once the change is stored. */
export function applied(mention: Mention, change: Judgement): Mention {
  const next = { ...mention };
  if (change.state) next.state = change.state;
  if (change.tone !== undefined) next.tone = change.tone;
  const removed = new Set(change.remove_tags ?? []);
  const kept = mention.tags.filter((tag) => !removed.has(tag));
  next.tags = [...new Set([...kept, ...(change.add_tags ?? [])])];
  return next;
}

/**
 * The changes that bring the mentions back to what they were, as few as can be: mentions that go back to the same
 * judgement go together.
 */
export function inverse(before: readonly Mention[], change: Judgement): MentionChange[] {
  const groups = new Map<string, MentionChange>();
  for (const mention of before) {
    const back: Judgement = {};
    if (change.state) back.state = mention.state;
    if (change.tone !== undefined) back.tone = mention.tone;
    const added = (change.add_tags ?? []).filter((tag) => !mention.tags.includes(tag));
    const removed = (change.remove_tags ?? []).filter((tag) => mention.tags.includes(tag));
    if (added.length > 0) back.remove_tags = added;
    if (removed.length > 0) back.add_tags = removed;
    const key = JSON.stringify(back);
    const group = groups.get(key);
    if (group) group.ids.push(mention.id);
    else groups.set(key, { ids: [mention.id], ...back });
  }
  return [...groups.values()];
}
