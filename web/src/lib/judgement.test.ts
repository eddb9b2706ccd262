import { describe, expect, it } from "vitest";
import type { Mention } from "~/api/types";
import { isSpam, likelierTone, machineSays, saidByPeople, toneScore, withIntent } from "./judgement";

const machine = {
  tone: "negative",
  tone_scores: { negative: 0.8, neutral: 0.15, positive: 0.05 },
  intents: { complaint: 0.9, help: 0.2 },
  decided: ["complaint"],
  stage: "use",
  spam: 0.1,
  motive: null,
  model_id: "0",
};
const mention = (part: object) => ({ tone: "negative", by_people: [], machine, ...part }) as unknown as Mention;

describe("who said it", () => {
  it("is the person where the server says so", () => {
    expect(saidByPeople(mention({ by_people: ["stage"] }), "stage")).toBe(true);
    expect(saidByPeople(mention({ by_people: ["stage"] }), "tone")).toBe(false);
  });
});

it("tells how sure the machine is only of what the machine said", () => {
  expect(toneScore(mention({}))).toBe(0.8);
  expect(toneScore(mention({ by_people: ["tone"] }))).toBeNull();
  expect(toneScore(mention({ machine: null }))).toBeNull();
});

it("knows what stays when people's words are taken away", () => {
  expect(machineSays(mention({ tone: "positive" }))).toEqual({
    tone: "negative",
    intents: ["complaint"],
    stage: "use",
    spam: 0.1,
  });
  expect(machineSays(mention({ machine: null }))).toEqual({ tone: null, intents: [], stage: null, spam: null });
});

it("calls spam what is at least as likely as not", () => {
  expect([0.49, 0.5].map((spam) => isSpam(mention({ spam })))).toEqual([false, true]);
});

it("keeps intents in their own order", () => {
  expect(withIntent(["praise"], "complaint")).toEqual(["complaint", "praise"]);
  expect(withIntent(["complaint", "praise"], "complaint")).toEqual(["praise"]);
});

it("knows when the machine says a tone against the odds", () => {
  const scores = { negative: 0.41, neutral: 0.46, positive: 0.13 };
  expect(likelierTone("negative", scores)).toBe("neutral");
  expect(likelierTone("neutral", scores)).toBeNull();
  expect(likelierTone("negative", { negative: 0.4, neutral: 0.4, positive: 0.2 })).toBeNull();
});
