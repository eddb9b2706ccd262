import type { QueryLanguage } from "~/api/types";

/** What could be completed at a place. */
export type Context =
  | { kind: "word"; from: number; typed: string }
  | { kind: "value"; field: string; from: number; typed: string }
  | { kind: "list"; from: number; typed: string };

/** One proposal. */
export interface Proposal {
  label: string;
  kind: "field" | "value" | "list" | "operator";
  /** Written in place of what was typed. */
  write: string;
  /** One sentence. */
  about: string;
  examples: string[];
  /** More proposals follow at once, for the value of a field. */
  goesOn: boolean;
  /** A number of its own kind: how many entries a list has. */
  size?: number;
}

/** Letters that must stand there before something is proposed unasked. */
const SHORTEST = 2;
const OPEN_QUOTE = /"[^"]*$|«[^»]*$|“[^”"]*$|„[^“”"]*$/u;
const OPEN_COMMENT = /<<<(?![\s\S]*>>>)|--[^\n]*$/;
const VALUES = /([A-Za-z][A-Za-z._]*):\([^()]*$/;
const LAST = /[^\s()|,"«»“„”]*$/u;

/** Reads what stands before the place. `null` inside comments and quotations, where nothing is proposed. */
export function contextAt(query: string, place: number): Context | null {
  const before = query.slice(0, place);
  if (OPEN_COMMENT.test(before) || isQuoted(before)) return null;
  const last = LAST.exec(before)?.[0] ?? "";
  const colon = /^-?([A-Za-z][A-Za-z._]*):(.*)$/u.exec(last);
  if (colon) {
    const field = colon[1]?.toLowerCase() ?? "";
    const typed = colon[2] ?? "";
    const from = place - typed.length;
    return field === "list" ? { kind: "list", from, typed } : { kind: "value", field, from, typed };
  }
  const values = VALUES.exec(before.slice(0, before.length - last.length));
  if (values) return { kind: "value", field: values[1]?.toLowerCase() ?? "", from: place - last.length, typed: last };
  const typed = last.replace(/^[-−–]/u, "");
  return { kind: "word", from: place - typed.length, typed };
}

/** Pairs of straight quotation marks are taken out first, so that only an open one is left. */
function isQuoted(before: string): boolean {
  return OPEN_QUOTE.test(before.replace(/"[^"]*"/g, "").replace(/«[^»]*»/g, ""));
}

/** What may be written at the place, best first. `asked` is a person's Ctrl+Space; else only what fits what was typed. */
export function proposals(language: QueryLanguage, context: Context, asked: boolean): Proposal[] {
  if (context.kind === "list") return beginning(lists(language), context.typed);
  if (context.kind === "value") {
    const field = language.fields.find((one) => one.name === context.field);
    return field ? beginning(values(field), context.typed) : [];
  }
  const { typed } = context;
  if (typed.length < SHORTEST && !asked) return [];
  // A word that is typed to its end must not turn into something else under the hand that presses Enter next.
  const open = ({ label }: Proposal) => asked || (label !== typed && label !== `${typed}:`);
  const fields = language.fields.filter(({ stage }) => stage === "post").map((field) => fieldOf(field, language));
  // Small letters are words: `or` is none of the operators.
  const fits = operators(language).filter(({ label }) => label.startsWith(typed));
  return [...beginning(fields, typed), ...fits].filter(open);
}

function beginning(all: Proposal[], typed: string): Proposal[] {
  const small = typed.toLocaleLowerCase();
  const fits = all.filter((one) => one.label.toLocaleLowerCase().startsWith(small));
  return fits.length === 1 && fits[0]?.label === typed ? [] : fits;
}

function fieldOf(field: QueryLanguage["fields"][number], language: QueryLanguage): Proposal {
  return {
    label: `${field.name}:`,
    kind: "field",
    write: `${field.name}:`,
    about: field.about,
    examples: field.examples,
    goesOn: field.name === "list" ? language.lists.length > 0 : field.values.length > 0,
  };
}

/** The part of an example that is the operator: `OR` of `a OR b`. */
const KEYWORD = /\d+ OF(?= \()|[A-Z]{2,}(\/\d+)?/;
/** Operators have names in three languages; the server tells the English. */
const ALSO: Record<string, string[]> = { AND: ["И", "І"], OR: ["ИЛИ", "АБО"], NOT: ["НЕ"] };

function operators(language: QueryLanguage): Proposal[] {
  return language.operators.flatMap(({ write, about }) => {
    const keyword = KEYWORD.exec(write)?.[0];
    if (keyword === undefined || write.startsWith("(")) return [];
    return [keyword, ...(ALSO[keyword] ?? [])].map(
      (label): Proposal => ({
        label,
        kind: "operator",
        write: `${label} `,
        about: about.replaceAll("`", ""),
        examples: [],
        goesOn: false,
      }),
    );
  });
}

function values(field: QueryLanguage["fields"][number]): Proposal[] {
  return field.values.map((value) => ({
    label: value,
    kind: "value",
    write: value,
    about: "",
    examples: [],
    goesOn: false,
  }));
}

function lists(language: QueryLanguage): Proposal[] {
  return language.lists.map(({ name, size }) => ({
    label: name,
    kind: "list",
    write: /[\s()|,"«»“„”]/u.test(name) ? `"${name.replaceAll('"', "")}"` : name,
    about: "",
    examples: [],
    goesOn: false,
    size,
  }));
}
