import type { JudgementKind, Mention, MentionChange } from "~/api/types";
import { machineSays, saidByPeople } from "./judgement";

export type Judgement = Omit<MentionChange, "ids">;

/** The mention as it will be once the change is stored. */
export function applied(mention: Mention, change: Judgement): Mention {
  const next = { ...mention };
  if (change.state) next.state = change.state;
  const machine = machineSays(mention);
  if (change.tone !== undefined) next.tone = change.tone ?? machine.tone;
  if (change.intents !== undefined) next.intents = change.intents ?? machine.intents;
  if (change.stage !== undefined) next.stage = change.stage === "none" ? null : (change.stage ?? machine.stage);
  if (change.spam !== undefined) next.spam = change.spam === null ? machine.spam : Number(change.spam);
  next.by_people = saidBy(mention.by_people, change);
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
    const said = (kind: JudgementKind) => saidByPeople(mention, kind);
    if (change.tone !== undefined) back.tone = said("tone") ? mention.tone : null;
    if (change.intents !== undefined) back.intents = said("intents") ? mention.intents : null;
    if (change.stage !== undefined) back.stage = said("stage") ? (mention.stage ?? "none") : null;
    if (change.spam !== undefined) back.spam = said("spam") ? (mention.spam ?? 0) >= 0.5 : null;
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

const KINDS = ["tone", "intents", "stage", "spam"] as const satisfies JudgementKind[];

/** Whose word stands after a change. */
function saidBy(before: readonly JudgementKind[], change: Judgement): JudgementKind[] {
  return KINDS.filter((kind) => (change[kind] === undefined ? before.includes(kind) : change[kind] !== null));
}
