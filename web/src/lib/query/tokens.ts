import type { StreamParser } from "@codemirror/language";

/** What a stretch of a query is, for its colour. Follows the lexer of the `query` crate; never says what is wrong. */
export type TokenKind =
  | "operator"
  | "not"
  | "field"
  | "value"
  | "compare"
  | "quote"
  | "exact"
  | "wildcard"
  | "hashtag"
  | "mention"
  | "number"
  | "comment"
  | "bracket";

interface State {
  /** Inside `<<< … >>>`. */
  comment: boolean;
  /** Inside a quotation: what ends it. */
  closing: string | null;
  /** Right behind the colon of a field. */
  value: boolean;
  /** Brackets open behind the colon of a field: what stands in them are values. */
  values: number;
}

/** Marks that open a quotation, each with those that close it. */
const QUOTES: Record<string, string> = { '"': '"', "«": "»", "“": '”"', "„": '“”"', "”": '”"' };
const WORD = /^[^\s()|,»"«“„”]+/u;
const DISTANCE = /^O?NEAR(\/\d+)?(?![^\s()|,»"«“„”])/;
const OF = /^\d+\s+(OF|ИЗ|З)(?=\s*\()/;
const AND_OR = new Set(["AND", "И", "І", "OR", "ИЛИ", "АБО", "SENTENCE"]);
const NOT = new Set(["NOT", "НЕ"]);
const NUMBER = /^\d[\d._:-]*(\.\.\d[\d._:-]*)?$/;

export const queryParser: StreamParser<State> = {
  name: "molva-query",
  startState: () => ({ comment: false, closing: null, value: false, values: 0 }),
  copyState: (state) => ({ ...state }),
  token(stream, state): TokenKind | null {
    if (state.comment) return comment(stream, state);
    if (state.closing !== null) return quotation(stream, state, state.closing);
    if (stream.eatSpace()) {
      state.value = false;
      return null;
    }
    if (stream.match("<<<")) {
      state.comment = true;
      return comment(stream, state);
    }
    if (stream.match("--")) {
      stream.skipToEnd();
      return "comment";
    }
    const next = stream.peek() ?? "";
    if (next === "(" || next === ")") return bracket(stream, state, next);
    if (next === ",") {
      stream.next();
      return "bracket";
    }
    if (stream.eat("|")) return "operator";
    if (!state.value && state.values === 0 && stream.match(/^[-−–](?=[^\s)])/u)) return "not";
    const closing = QUOTES[next];
    if (closing !== undefined) {
      stream.next();
      state.closing = closing;
      return quotation(stream, state, closing);
    }
    return word(stream, state);
  },
  languageData: {
    commentTokens: { line: "--", block: { open: "<<<", close: ">>>" } },
    closeBrackets: { brackets: ["(", '"', "«"], before: ")»\n\t " },
  },
};

type Stream = Parameters<typeof queryParser.token>[0];

function comment(stream: Stream, state: State): TokenKind {
  if (stream.skipTo(">>>")) {
    stream.match(">>>");
    state.comment = false;
  } else stream.skipToEnd();
  return "comment";
}

function quotation(stream: Stream, state: State, closing: string): TokenKind {
  while (!stream.eol()) {
    if (!closing.includes(stream.next() ?? "")) continue;
    state.closing = null;
    state.value = false;
    stream.match(/^~\d*/);
    break;
  }
  return "quote";
}

function bracket(stream: Stream, state: State, which: string): TokenKind {
  stream.next();
  if (which === "(") {
    if (state.value || state.values > 0) state.values += 1;
  } else if (state.values > 0) state.values -= 1;
  state.value = false;
  return "bracket";
}

function word(stream: Stream, state: State): TokenKind | null {
  const asValue = state.value || state.values > 0;
  if (asValue && stream.match(/^(<=|>=|<|>|=)/)) {
    state.value = true;
    return "compare";
  }
  if (!asValue) {
    if (stream.match(/^[A-Za-z][A-Za-z._]*:/)) {
      state.value = true;
      return "field";
    }
    if (stream.match(/^==?(?=[^\s()|,])/)) return "exact";
    if (stream.match(DISTANCE) || stream.match(OF)) return "operator";
  }
  const start = stream.pos;
  if (!stream.match(WORD)) stream.next();
  const written = stream.string.slice(start, stream.pos);
  state.value = false;
  if (AND_OR.has(written)) return "operator";
  if (NUMBER.test(written)) return "number";
  if (asValue) return "value";
  if (NOT.has(written)) return "not";
  if (written.startsWith("#")) return "hashtag";
  if (written.startsWith("@")) return "mention";
  return /[*?]/.test(written) ? "wildcard" : null;
}
