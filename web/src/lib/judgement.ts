import type { Intent, JudgementKind, Mention, Stage, Tone } from "~/api/types";

/** Words of judgements in the order they are offered; the digit of each is its place. */
export const TONES = ["negative", "neutral", "positive"] as const satisfies Tone[];
export const INTENTS = [
  "complaint",
  "help",
  "question",
  "idea",
  "praise",
  "purchase",
  "churn",
  "news",
  "advert",
  "spam",
] as const satisfies Intent[];
/** Those that a person chooses from: spam has a switch of its own. */
export const CHOSEN_INTENTS = INTENTS.filter((intent) => intent !== "spam");
export const STAGES = ["search", "buy", "use", "service", "leave"] as const satisfies Stage[];

/** From this score on a mention counts as spam, as everywhere in Molva. */
const SPAM_FROM = 0.5;

/** A person said it; it stays whatever the machine thinks. */
export function saidByPeople(mention: Mention, kind: JudgementKind): boolean {
  return mention.by_people.includes(kind);
}

export function isSpam(mention: Mention): boolean {
  return (mention.spam ?? 0) >= SPAM_FROM;
}

/** How sure the machine is of what is shown, 0 to 1; `null` where a person said it or the machine did not judge. */
export function toneScore(mention: Mention): number | null {
  if (saidByPeople(mention, "tone") || !mention.machine || mention.tone === null) return null;
  return mention.machine.tone_scores[mention.tone];
}

/**
 * The tone that the machine holds for more probable than the one it says, if any: it decides by how far each tone stands above
 * its own threshold, so that the rarer tones are not missed.
 */
export function likelierTone(said: Tone, scores: Record<Tone, number>): Tone | null {
  const likeliest = TONES.reduce((best, tone) => (scores[tone] > scores[best] ? tone : best), said);
  return likeliest === said ? null : likeliest;
}

/** What the machine says of one kind, as a change would set it. */
export function machineSays(mention: Mention): Pick<Mention, "tone" | "intents" | "stage" | "spam"> {
  const { machine } = mention;
  return {
    tone: machine?.tone ?? null,
    intents: machine?.decided ?? [],
    stage: machine?.stage ?? null,
    spam: machine?.spam ?? null,
  };
}

/** The same intents in the same order, for comparing. */
export function intentKey(mention: Mention): string {
  return INTENTS.filter((intent) => mention.intents.includes(intent)).join(" ");
}

/** Adds or takes away; the order is that of {@link INTENTS}. */
export function withIntent(intents: readonly Intent[], intent: Intent): Intent[] {
  return INTENTS.filter((one) => (one === intent ? !intents.includes(one) : intents.includes(one)));
}
