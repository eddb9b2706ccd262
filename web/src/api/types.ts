import type { components } from "./schema.gen";

/** The shapes of the API by the names the app uses; all of them are made from the OpenAPI document. */
type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type Topic = Schemas["Topic"];
export type TopicDraft = Schemas["TopicDraft"];
export type TopicLevel = Schemas["TopicLevel"];
export type TopicKind = Schemas["TopicKind"];
export type Diagnostic = Schemas["Diagnostic"];
export type QueryCheck = Schemas["QueryCheck"];
export type QueryScope = Schemas["QueryScope"];
export type QueryWord = Schemas["QueryWord"];
export type Lexeme = Schemas["Lexeme"];
export type QueryCost = Schemas["QueryCost"];
export type QueryEffects = Schemas["QueryEffects"];
export type ClauseEffect = Schemas["ClauseEffect"];
export type QueryLanguage = Schemas["QueryLanguage"];
export type Dialect = Schemas["Dialect"];
export type ImportNote = Schemas["ImportNote"];
export type List = Schemas["List"];
export type ListKind = Schemas["ListKind"];
export type NewList = Schemas["NewList"];
export type Span = Schemas["Span"];
export type Post = Schemas["Post"];
export type Preview = Schemas["Preview"];
export type Suggestion = Schemas["Suggestion"];
export type MentionState = Schemas["MentionState"];
export type Tone = Schemas["Tone"];
export type Mention = Omit<Schemas["Mention"], keyof Judged> & Judged;
export type MentionPage = Omit<Schemas["MentionPage"], "items"> & { items: Mention[] };
export type MentionChange = Omit<Schemas["MentionChange"], keyof JudgedChange> & JudgedChange;
export type Connector = Schemas["Connector"];
export type Setting = Schemas["Setting"];
export type Source = Schemas["Source"];
export type SourceState = Schemas["SourceState"];
export type SourceTest = Schemas["SourceTest"];
export type SourceLedger = Schemas["SourceLedger"];
export type Ledger = Schemas["Ledger"];
export type LedgerHour = Schemas["HourTally"];
export type Gap = Schemas["Gap"];
export type Tally = Schemas["Tally"];
export type ApiToken = Schemas["Token"];
export type Scope = Schemas["Scope"];
/** One row of the event log, as the live stream brings it. */
export type LogEvent = Schemas["Event"];
/** What is typed into the form of a source: both maps are always there. */
export type SourceDraft = Required<Schemas["SourceDraft"]>;

export type Intent =
  | "complaint"
  | "help"
  | "question"
  | "idea"
  | "praise"
  | "purchase"
  | "churn"
  | "news"
  | "advert"
  | "spam";
export type Stage = "search" | "buy" | "use" | "service" | "leave";
export type JudgementKind = "tone" | "intents" | "stage" | "spam";

/** What the model says; scores lie between 0 and 1, intents under 0.05 are left out. */
export interface MachineJudgement {
  tone: Tone;
  tone_scores: Record<Tone, number>;
  intents: Partial<Record<Intent, number>>;
  stage: Stage | null;
  spam: number;
  motive: string | null;
  model_id: string;
}

/** What is thought of a mention: people's word where they said one, else the machine's. */
interface Judged {
  intents?: Intent[];
  stage?: Stage | null;
  /** How likely it is spam; 0 or 1 where a person said it. */
  spam?: number | null;
  by_people?: JudgementKind[];
  machine?: MachineJudgement | null;
  /** Posts that say the same, this one among them. */
  story?: { id: string; posts: number } | null;
}

/** `null` takes people's word away: the machine's stands again. */
interface JudgedChange {
  intents?: Intent[] | null;
  /** `none`: a person says it stands at no stage. */
  stage?: Stage | "none" | null;
  spam?: boolean | null;
}
