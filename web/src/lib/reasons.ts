import type { Explanation, JudgementKind, Mention, Reason, Span } from "~/api/types";
import { isSpam } from "~/lib/judgement";

/** A part of a text with how much it weighs. */
export interface WeightedSpan {
  start: number;
  end: number;
  weight: number;
}

/** A run of text: whether it matched the query, and how much it spoke for or against a judgement (-1 to 1). */
export interface WeightedPiece {
  /** Where it begins, in UTF-16 code units. */
  at: number;
  text: string;
  marked: boolean;
  weight: number;
}

type Stretch = Pick<Span, "start" | "end">;

/** Cuts a text wherever a mark or a weight begins or ends; weights that lie over each other add up. */
export function weightedPieces(
  text: string,
  marks: readonly Stretch[],
  weights: readonly WeightedSpan[],
): WeightedPiece[] {
  const edges = [...marks, ...weights]
    .flatMap(({ start, end }) => [start, end])
    .filter((edge) => edge > 0 && edge < text.length);
  const cuts = [...new Set([0, ...edges, text.length])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((at, index) => {
    const end = cuts[index + 1] ?? text.length;
    const over = <T extends Stretch>(spans: readonly T[]) => spans.filter((one) => one.start < end && one.end > at);
    return {
      at,
      text: text.slice(at, end),
      marked: over(marks).length > 0,
      weight: over(weights).reduce((sum, one) => sum + one.weight, 0),
    };
  });
}

/** How thick a weight is drawn, 1 to 3, beside the heaviest; 0 is not drawn. */
export function thickness(weight: number, most: number): number {
  const size = most > 0 ? Math.abs(weight) / most : 0;
  return size < 0.08 ? 0 : size < 0.35 ? 1 : size < 0.7 ? 2 : 3;
}

export function heaviest(reasons: readonly Pick<Reason, "weight">[]): number {
  return Math.max(0, ...reasons.map(({ weight }) => Math.abs(weight)));
}

/** The heaviest reasons first. */
export function ranked(reasons: readonly Reason[], most: number): Reason[] {
  return [...reasons].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, most);
}

/** One judgement that can be explained. */
export interface Head {
  key: string;
  kind: JudgementKind;
  /** The value in the words of the API: `negative`, `complaint`, `use`, `spam`. */
  value: string;
  score: number;
  reasons: Reason[];
}

/** Spam is always explained by the API; below this nobody would take it for spam. */
const WORTH_EXPLAINING = 0.2;

/** What there is to explain of a mention: its tone, each intent the machine decided, its stage, and spam where it may be. */
export function headsOf(explanation: Explanation, mention: Mention): Head[] {
  const { tone, intents, stage, spam } = explanation;
  const heads: Head[] = [];
  heads.push({ key: "tone", kind: "tone", value: tone.label, score: tone.score, reasons: tone.reasons });
  for (const one of intents) {
    // Spam has its own.
    if (one.intent === "spam") continue;
    const key = `intent ${one.intent}`;
    heads.push({ key, kind: "intents", value: one.intent, score: one.score, reasons: one.reasons });
  }
  if (stage) {
    heads.push({ key: "stage", kind: "stage", value: stage.stage, score: stage.score, reasons: stage.reasons });
  }
  if (isSpam(mention) || spam.score >= WORTH_EXPLAINING) {
    heads.push({ key: "spam", kind: "spam", value: "spam", score: spam.score, reasons: spam.reasons });
  }
  return heads;
}

/** The weighted places of the title or of the text. */
export function weightsIn(reasons: readonly Reason[], inTitle: boolean): WeightedSpan[] {
  return reasons.flatMap(({ spans, weight }) =>
    spans.filter((span) => span.in_title === inTitle).map(({ start, end }) => ({ start, end, weight })),
  );
}
