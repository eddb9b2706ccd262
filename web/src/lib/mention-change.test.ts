import { describe, expect, it } from "vitest";
import type { Mention } from "~/api/types";
import { applied, inverse } from "./mention-change";

const mention = (id: string, part: Partial<Mention> = {}) =>
  ({ id, state: "new", tone: null, tags: [], by_people: [], machine: null, ...part }) as unknown as Mention;

describe("a change", () => {
  it("leaves alone what it does not name", () => {
    const before = mention("1", { tone: "negative", tags: ["a"] });
    expect(applied(before, { state: "kept" })).toEqual({ ...before, state: "kept" });
    expect(applied(before, { tone: null }).tone).toBeNull();
  });

  it("adds a tag once and takes one away", () => {
    expect(applied(mention("1", { tags: ["a", "b"] }), { add_tags: ["b", "c"], remove_tags: ["a"] }).tags).toEqual([
      "b",
      "c",
    ]);
  });
});

describe("undo", () => {
  it("sends mentions back to what each was, those alike together", () => {
    const before = [mention("1"), mention("2", { state: "kept" }), mention("3")];
    expect(inverse(before, { state: "binned" })).toEqual([
      { ids: ["1", "3"], state: "new" },
      { ids: ["2"], state: "kept" },
    ]);
  });

  it("does not take away a tag that was there before", () => {
    const before = [mention("1", { tags: ["vip"] }), mention("2")];
    expect(inverse(before, { add_tags: ["vip"] })).toEqual([{ ids: ["1"] }, { ids: ["2"], remove_tags: ["vip"] }]);
  });

  it("brings every mention back", () => {
    const before = [
      mention("1", { tone: "positive", tags: ["x"], by_people: ["tone"] }),
      mention("2", { tags: ["x", "y"] }),
    ];
    const change = { tone: "negative" as const, add_tags: ["z"], remove_tags: ["x"] };
    const after = new Map(before.map((one) => [one.id, applied(one, change)]));
    for (const { ids, ...back } of inverse(before, change)) {
      for (const id of ids) after.set(id, applied(after.get(id) as Mention, back));
    }
    expect([...after.values()].map((one) => ({ ...one, tags: [...one.tags].sort() }))).toEqual(before);
  });
});

describe("what the machine said", () => {
  const machine = {
    tone: "neutral" as const,
    tone_scores: { negative: 0.2, neutral: 0.7, positive: 0.1 },
    intents: { question: 0.8 },
    decided: ["question" as const],
    stage_score: 0.6,
    bot: null,
    stage: "search" as const,
    spam: 0.02,
    motive: null,
    relevance: null,
    second: null,
    model_id: "0",
  };
  const judged = (id: string, part: Partial<Mention> = {}) =>
    mention(id, {
      tone: "neutral",
      intents: ["question"],
      stage: "search",
      spam: 0.02,
      by_people: [],
      machine,
      ...part,
    });

  it("stands again when people's word is taken away", () => {
    const after = applied(judged("1"), { tone: "negative", stage: "none", spam: true, intents: [] });
    expect(after).toMatchObject({ tone: "negative", stage: null, spam: 1, intents: [] });
    expect(after.by_people).toEqual(["tone", "intents", "stage", "spam"]);
    expect(applied(after, { tone: null, stage: null, spam: null, intents: null })).toEqual(judged("1"));
  });

  it("is what undo goes back to, unless a person had said otherwise", () => {
    const before = [judged("1"), judged("2", { tone: "positive", by_people: ["tone"] })];
    expect(inverse(before, { tone: "negative", spam: true })).toEqual([
      { ids: ["1"], tone: null, spam: null },
      { ids: ["2"], tone: "positive", spam: null },
    ]);
    expect(inverse([judged("3", { stage: null, by_people: ["stage"] })], { stage: "buy" })).toEqual([
      { ids: ["3"], stage: "none" },
    ]);
  });
});
