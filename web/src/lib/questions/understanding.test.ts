import { expect, it } from "vitest";
import type { Understanding, UnderstandingBucket } from "./shapes";
import { asRhythm, intentLines, longest } from "./understanding";

const at = (day: number) => `2026-11-0${day}T00:00:00Z`;
const NONE = {
  complaint: 0,
  help: 0,
  question: 0,
  idea: 0,
  praise: 0,
  purchase: 0,
  churn: 0,
  news: 0,
  advert: 0,
  spam: 0,
};
const bucket = (day: number, intents: Partial<UnderstandingBucket["intents"]>): UnderstandingBucket => ({
  from: at(day),
  to: at(day + 1),
  mentions: 9,
  negative: 4,
  neutral: 0,
  positive: 5,
  unjudged: 0,
  intents: { ...NONE, ...intents },
});
const buckets = [bucket(1, { complaint: 4, praise: 1 }), bucket(2, { praise: 7 })];
const share = (mentions: number) => ({ mentions, share: mentions / 10, estimate: null, before: null });

it("draws the most frequent intents", () => {
  const intents: Understanding["intents"] = [
    { intent: "complaint", ...share(4) },
    { intent: "idea", ...share(0) },
    { intent: "praise", ...share(8) },
  ];
  expect(intentLines(intents, buckets)).toEqual([
    { intent: "praise", mentions: [1, 7] },
    { intent: "complaint", mentions: [4, 0] },
  ]);
});

it("keeps where buckets lie and what they hold", () => {
  expect(asRhythm(buckets).map(({ from, to, mentions, before }) => [from, to, mentions, before])).toEqual([
    [at(1), at(2), 9, null],
    [at(2), at(3), 9, null],
  ]);
});

it("makes room for the longest interval and for what stood there before", () => {
  const estimate = {
    value: 0.5,
    low: 0.3,
    high: 0.7,
    audited: 40,
    covered: 1,
    method: "wilson" as const,
  };
  expect(longest([{ share: 0.4 }, { share: 0.2, estimate }])).toBe(0.7);
  expect(longest([{ share: 0.4, before: { share: 0.9 } }])).toBe(0.9);
  expect(longest([{ share: null }])).toBeGreaterThan(0);
});
