import type { components } from "~/api/schema.gen";

/** The answers to the five questions by the names the page uses; shares lie between 0 and 1, `null` when their base is 0. */
type Schemas = components["schemas"];

export type Volume = Schemas["Volume"];
export type Totals = Schemas["VolumeFigures"];
export type TopicVolume = Schemas["TopicVolume"];
export type Tones = Schemas["Tones"];
export type Rhythm = Schemas["Rhythm"];
export type Bucket = Schemas["RhythmBucket"];
export type SourceGap = Schemas["SourceGap"];
export type Places = Schemas["Places"];
export type PlaceValue = Schemas["Place"];
export type Authors = Schemas["Authors"];
export type AuthorValue = Schemas["AuthorRow"];
export type Words = Schemas["Words"];
export type Word = Schemas["SaidWord"];
export type Phrase = Schemas["Phrase"];
export type Understanding = Schemas["Understanding"];
export type UnderstandingBucket = Schemas["UnderstandingBucket"];
export type Trust = Schemas["Trust"];
export type Figure = Schemas["Figure"];
export type Annotation = Schemas["Annotation"];
export type AnnotationDraft = Schemas["AnnotationDraft"];

/** What every answer of the archive says of itself. */
export type Told = Pick<Schemas["Rhythm"], "incomplete" | "missing">;

/** From a moment to another that is not included. */
export interface Stretch {
  from: string;
  to: string;
}

export const UNITS = ["minute", "hour", "day", "week", "month", "quarter", "year"] as const satisfies Schemas["Unit"][];
export type Unit = Schemas["Unit"];

export const PLACES = ["networks", "sites", "communities", "countries", "regions", "cities"] as const;
export type PlaceKind = (typeof PLACES)[number];

export const WORD_LISTS = ["typical", "rising", "hashtags", "emoji", "links"] as const;
export type WordList = (typeof WORD_LISTS)[number];
