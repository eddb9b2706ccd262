import { describe, expect, it } from "vitest";
import type { Mention } from "~/api/types";
import { applied, inverse } from "./mention-change";

const mention = (id: string, part: Partial<Mention> = {}) =>
  ({ id, state: "new", tone: null, tags: [], ...part }) as unknown as Mention;

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
    const before = [mention("1", { tone: "positive", tags: ["x"] }), mention("2", { tags: ["x", "y"] })];
    const change = { tone: "negative" as const, add_tags: ["z"], remove_tags: ["x"] };
    const after = new Map(before.map((one) => [one.id, applied(one, change)]));
    for (const { ids, ...back } of inverse(before, change)) {
      for (const id of ids) after.set(id, applied(after.get(id) as Mention, back));
    }
    expect([...after.values()].map((one) => ({ ...one, tags: [...one.tags].sort() }))).toEqual(before);
  });
});
