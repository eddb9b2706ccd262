import { queryOptions } from "@tanstack/react-query";
import type { Intent, JudgementKind, Span, Stage, Tone } from "./types";
import { ask } from "./understanding";

/** The API's part of the labelling game: a blind, random sample of a week that people judge. */

/** One week's sample. */
export interface Round {
  id: string;
  from: string;
  to: string;
  size: number;
  answered_by_me: number;
  answered: number;
  /** Mentions that two people answered. */
  double: number;
}

export interface Labelling {
  /** Absent: the week has too little to draw from. */
  round: Round | null;
  /** Weeks in a row in which this person labelled. */
  streak_weeks: number;
  minutes_estimate: number;
  /** Cohen's kappa over double answers, -1 to 1; `null` where there are too few. */
  agreement: Partial<Record<JudgementKind | "relevant", number | null>>;
  history: { week: string; answered: number; accuracy_of_model: { tone: number | null } | null }[];
}

/** A mention to be labelled; nothing of what the machine or others think of it. */
export interface ToLabel {
  audit_id: string;
  mention: { text: string; title: string | null; network: string; published_at: string };
  object: { topic_id: string; name: string };
  spans: Span[];
}

export interface LabelAnswer {
  tone: Tone | null;
  intents: Intent[];
  stage: Stage | null;
  spam: boolean;
  relevant: boolean;
  skipped?: boolean;
  seconds: number;
}

export const labellingQuery = queryOptions({
  queryKey: ["labelling"],
  queryFn: () => ask<Labelling>("GET", "/api/labelling"),
  staleTime: 30_000,
});

export const nextToLabel = () => ask<ToLabel | null | undefined>("GET", "/api/labelling/next");
export const answerLabel = (id: string, answer: LabelAnswer) =>
  ask<ToLabel | null | undefined>("POST", `/api/labelling/${id}`, answer);
export const undoLabel = (id: string) => ask<unknown>("DELETE", `/api/labelling/${id}`);
