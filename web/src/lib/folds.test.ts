import { expect, it } from "vitest";
import type { Mention } from "~/api/types";
import { common, folded } from "./folds";

const mention = (id: string, post: string) =>
  ({ id, topic_id: `topic of ${id}`, post: { urn: `urn:smm:test:post:${post}` } }) as Mention;

const ids = (items: readonly Mention[]) => folded(items).map((fold) => fold.mentions.map(({ id }) => id).join("+"));

it("mentions of one post that stand together are one row, those apart are not", () => {
  expect(ids([])).toEqual([]);
  expect(
    ids([
      mention("1", "a"),
      mention("2", "a"),
      mention("3", "b"),
      mention("4", "a"),
      mention("5", "c"),
      mention("6", "c"),
    ]),
  ).toEqual(["1+2", "3", "4", "5+6"]);
});

it("a row is led by its first mention and grows when the next page brings more of its post", () => {
  const [one, two, three] = [mention("1", "a"), mention("2", "a"), mention("3", "a")];
  expect(folded([one, two])[0]).toEqual({ lead: one, mentions: [one, two] });
  expect(ids([one, two, three])).toEqual(["1+2+3"]);
});

it("a row that did not change stays the same object", () => {
  const [one, two, other] = [mention("1", "a"), mention("2", "a"), mention("3", "b")];
  const [before] = folded([one, two, other]);
  expect(folded([one, two])[0]).toBe(before);
  expect(folded([one, { ...two, tone: "negative" }])[0]).not.toBe(before);
});

it("what all have is common, what differs is not", () => {
  expect(common([{ tone: null }, { tone: null }], ({ tone }) => tone)).toBeNull();
  expect(common([{ tone: "positive" }, { tone: null }], ({ tone }) => tone)).toBeUndefined();
  expect(common([], () => 1)).toBeUndefined();
});
