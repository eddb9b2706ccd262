import type { Diagnostic } from "./types";

/** What the endpoints around queries and lists answer. */
export interface QuerySpan {
  /** UTF-16 code units of the query, as CodeMirror counts. */
  start: number;
  end: number;
}

export interface Lexeme {
  lemma: string;
  language: "ru" | "uk" | "en" | null;
  origin: "dictionary" | "guessed" | "rules" | "itself";
  forms: string[];
  forms_total: number;
}

export interface QueryWord extends QuerySpan {
  written: string;
  lexemes: Lexeme[];
}

export type ClauseRole = "any" | "required" | "excluded";

export interface Clause extends QuerySpan {
  role: ClauseRole;
}

export interface Cost {
  class: "light" | "moderate" | "heavy" | "every_post";
  looks_per_million: number | null;
}

export interface QueryCheck {
  valid: boolean;
  diagnostics: Diagnostic[];
  explanation: string;
  words: QueryWord[];
  clauses: Clause[];
  cost: Cost | null;
}

export interface ClauseEffect extends Clause {
  change: number;
}

export interface QueryEffects {
  scanned: number;
  matched: number;
  cut_short: boolean;
  clauses: ClauseEffect[];
}

export type Dialect = "brandwatch" | "youscan" | "talkwalker" | "meltwater";

export interface ImportNote extends QuerySpan {
  written: string;
  severity: "lost" | "changed";
  message: string;
}

export interface QueryImport {
  query: string;
  notes: ImportNote[];
  diagnostics: Diagnostic[];
}

export interface QueryField {
  name: string;
  about: string;
  examples: string[];
  values: string[];
  stage: "post" | "judged" | "worked";
}

export interface QueryLanguage {
  fields: QueryField[];
  operators: { write: string; about: string }[];
  lists: { name: string; kind: ListKind; size: number }[];
}

export type ListKind = "words" | "authors";

export interface List {
  id: string;
  name: string;
  kind: ListKind;
  entries: string[];
  version: number;
  used_by: { topic_id: string; name: string }[];
  created_at: string;
  updated_at: string;
}

export type ListDraft = Pick<List, "name" | "kind" | "entries">;
