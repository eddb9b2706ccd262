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
/** What a post said for a while, before its author edited it. */
export type PostVersion = Schemas["PostVersion"];
export type Preview = Schemas["Preview"];
export type Suggestion = Schemas["Suggestion"];
export type MentionState = Schemas["MentionState"];
export type Tone = Schemas["Tone"];
export type Intent = Schemas["Intent"];
export type Stage = Schemas["Stage"];
/** The parts of a judgement that a person may set. */
export type JudgementKind = Schemas["JudgedPart"];
/** A corrected value with its 95 % interval; shares between 0 and 1, net sentiment between -100 and 100. */
export type Estimate = Schemas["Estimate"];
/** Why the machine judges a mention as it does; shares and scores lie between 0 and 1. */
export type Explanation = Schemas["Explanation"];
/** Something that spoke for a label (weight above 0) or against it. */
export type Reason = Schemas["Reason"];
export type ToneEstimates = Schemas["ToneEstimates"];
export type Mention = Schemas["Mention"];
export type MentionPage = Schemas["MentionPage"];
export type MentionChange = Schemas["MentionChange"];
export type Connector = Schemas["Connector"];
export type Setting = Schemas["Setting"];
export type Source = Schemas["Source"];
export type SourceSearch = Schemas["SourceSearch"];
export type SourceWebhook = Schemas["SourceWebhook"];
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
