import { expect, it } from "vitest";
import type { Understanding } from "~/api/understanding";
import { asRhythm, intentLines, isAudited, longest } from "./understanding";

const at = (day: number) => `2026-11-0${day}T00:00:00Z`;
const buckets = [
  { from: at(1), to: at(2), intents: { complaint: 4, praise: 1 } },
  { from: at(2), to: at(3), intents: { praise: 7 } },
];
const share = (mentions: number) => ({ mentions, share: mentions / 10 });

it("draws the most frequent intents, nothing for a bucket that does not name one", () => {
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

it("keeps where buckets lie", () => {
  expect(asRhythm(buckets).map(({ from, to }) => [from, to])).toEqual([
    [at(1), at(2)],
    [at(2), at(3)],
  ]);
});

it("makes room for the longest interval", () => {
  const estimate = { value: 0.5, low: 0.3, high: 0.7, audited: 40, covered: 1, method: "wilson" as const };
  expect(longest([{ share: 0.4 }, { share: 0.2, estimate }])).toBe(0.7);
  expect(longest([{ share: null }])).toBeGreaterThan(0);
});

it("knows whether anything is corrected by people", () => {
  const estimate = { value: 0.1, low: 0, high: 0.2, audited: 40, covered: 1, method: "wilson" as const };
  const figures = { tones: [], intents: [], stages: [], spam: { mentions: 0, share: 0, estimate: null } };
  expect(isAudited(figures as unknown as Understanding)).toBe(false);
  expect(isAudited({ ...figures, spam: { ...figures.spam, estimate } } as unknown as Understanding)).toBe(true);
});
