import type { LabelAnswer } from "~/api/labelling";
import type { Intent, Stage, Tone } from "~/api/types";
import { CHOSEN_INTENTS, STAGES, TONES, withIntent } from "./judgement";
import type { Judgement } from "./mention-change";

/** What a person has said of the card so far. */
export interface Draft {
  tone: Tone | null;
  intents: Intent[];
  stage: Stage | null;
  spam: boolean;
  relevant: boolean;
}

export const BLANK: Draft = { tone: null, intents: [], stage: null, spam: false, relevant: true };

export type Press =
  | { set: "tone"; value: Tone }
  | { set: "intent"; value: Intent }
  | { set: "stage"; value: Stage }
  | { set: "spam" }
  | { set: "irrelevant" }
  | { go: "next" | "skip" | "undo" | "guide" | "apply" };

/**
 * The keyboard of the game by the places of keys, so that every layout works the same: digits for tone, spam and "not about
 * it"; the two upper rows for intents, the lower one for stages.
 */
const INTENT_CODES = ["KeyQ", "KeyW", "KeyE", "KeyR", "KeyT", "KeyA", "KeyS", "KeyD", "KeyF"] as const;
const STAGE_CODES = ["KeyZ", "KeyX", "KeyC", "KeyV", "KeyB"] as const;

export const KEYMAP: ReadonlyMap<string, Press> = new Map<string, Press>([
  ...TONES.map((value, index): [string, Press] => [`Digit${index + 1}`, { set: "tone", value }]),
  ["Digit4", { set: "spam" }],
  ["Digit5", { set: "irrelevant" }],
  ...CHOSEN_INTENTS.map((value, index): [string, Press] => [INTENT_CODES[index] ?? "", { set: "intent", value }]),
  ...STAGES.map((value, index): [string, Press] => [STAGE_CODES[index] ?? "", { set: "stage", value }]),
  ["Enter", { go: "next" }],
  ["NumpadEnter", { go: "next" }],
  ["KeyN", { go: "skip" }],
  ["KeyU", { go: "undo" }],
  ["Backspace", { go: "undo" }],
  ["KeyH", { go: "guide" }],
  ["KeyM", { go: "apply" }],
]);

/** The key that stands for a press, as it is shown. */
export function keyOf(press: Press): string {
  const wanted = JSON.stringify(press);
  const code = [...KEYMAP].find(([, known]) => JSON.stringify(known) === wanted)?.[0] ?? "";
  return code.replace(/^(Key|Digit)/, "");
}

/** The draft after a press; the same again takes it away. */
export function pressed(draft: Draft, press: Press): Draft {
  if (!("set" in press)) return draft;
  switch (press.set) {
    case "tone":
      return { ...draft, tone: draft.tone === press.value ? null : press.value };
    case "intent":
      return { ...draft, intents: withIntent(draft.intents, press.value) };
    case "stage":
      return { ...draft, stage: draft.stage === press.value ? null : press.value };
    case "spam":
      return { ...draft, spam: !draft.spam };
    case "irrelevant":
      return { ...draft, relevant: !draft.relevant };
  }
}

/** Enough is said: the tone, or that it is spam or not about the object at all. */
export function complete(draft: Draft): boolean {
  return draft.tone !== null || draft.spam || !draft.relevant;
}

/** The answer as it is kept, in whole seconds. Of spam, or what is not about the object, the tone may be left open. */
export function answerOf(draft: Draft, seconds: number, skipped = false): LabelAnswer {
  const answer = { ...draft, intents: intentsOf(draft), seconds: Math.round(seconds) };
  return skipped ? { ...answer, skipped } : answer;
}

/** What an answer sets on the mention itself: only what was said. What is not about the object goes to the bin. */
export function changeOf(draft: Draft): Judgement {
  if (!draft.relevant) return { state: "binned" };
  const { tone, stage, spam } = draft;
  if (tone === null) return { spam };
  return { tone, intents: intentsOf(draft), stage: stage ?? "none", spam };
}

function intentsOf(draft: Draft): Intent[] {
  return draft.spam ? [...draft.intents, "spam"] : draft.intents;
}

/** Longer than this a person was away; it says nothing of how fast they label. */
const AWAY_SECONDS = 60;

/** Minutes that the rest will take, by the pace of this sitting; before that shows, what the server thinks. */
export function minutesLeft(left: number, seconds: readonly number[], fallback: number): number {
  const counted = seconds.filter((one) => one <= AWAY_SECONDS);
  if (counted.length < 3) return Math.max(1, fallback);
  const pace = counted.reduce((sum, one) => sum + one, 0) / counted.length;
  return Math.ceil((left * pace) / 60);
}

export type Agreement = "none" | "slight" | "fair" | "good" | "excellent";

/** What Cohen's kappa is called (Landis and Koch 1977, their six steps drawn together to five). */
export function agreementWord(kappa: number): Agreement {
  if (kappa <= 0) return "none";
  if (kappa <= 0.2) return "slight";
  if (kappa <= 0.6) return "fair";
  return kappa <= 0.8 ? "good" : "excellent";
}
