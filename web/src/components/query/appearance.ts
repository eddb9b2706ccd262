import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { Tag } from "@lezer/highlight";
import { queryParser, type TokenKind } from "~/lib/query/tokens";

/** Colours are the theme's variables, so that light and dark need no second table; each passes AA on the surface. */
const COLOURS: Record<TokenKind, Record<string, string>> = {
  operator: { color: "var(--m-accent-text)", fontWeight: "600" },
  not: { color: "var(--m-negative)", fontWeight: "600" },
  field: { color: "var(--m-info)" },
  value: { color: "var(--m-positive)" },
  compare: { color: "var(--m-accent-text)" },
  quote: { color: "var(--m-positive)" },
  exact: { color: "var(--m-warning)", fontWeight: "600" },
  wildcard: { color: "var(--m-warning)" },
  hashtag: { color: "var(--m-info)" },
  mention: { color: "var(--m-info)" },
  number: { color: "var(--m-warning)" },
  comment: { color: "var(--m-dim)", fontStyle: "italic" },
  bracket: { color: "var(--m-dim)" },
};

const KINDS = Object.keys(COLOURS) as TokenKind[];
const tags = Object.fromEntries(KINDS.map((kind) => [kind, Tag.define(kind)])) as Record<TokenKind, Tag>;

export const queryLanguageSupport: Extension = [
  StreamLanguage.define({ ...queryParser, tokenTable: tags }),
  syntaxHighlighting(HighlightStyle.define(KINDS.map((kind) => ({ tag: tags[kind], ...COLOURS[kind] })))),
];

const wavy = (colour: string) => ({
  backgroundImage: "none",
  paddingBottom: "0",
  textDecoration: `underline wavy 1.5px ${colour}`,
  textUnderlineOffset: "5px",
  textDecorationSkipInk: "none",
});

export const appearance: Extension = EditorView.theme({
  "&": { color: "var(--m-text)", fontSize: "14px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--mantine-font-family-monospace)",
    lineHeight: "24px",
    minHeight: "var(--query-least, 152px)",
    maxHeight: "var(--query-most, 52vh)",
    overflow: "auto",
  },
  ".cm-content": { padding: "var(--query-pad, 12px) 0", caretColor: "var(--m-text)", minHeight: "100%" },
  ".cm-line": { padding: "0 12px" },
  ".cm-placeholder": { color: "var(--m-dim)" },
  ".cm-selectionBackground": { background: "var(--m-text-selection)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    background: "var(--m-text-selection)",
  },
  ".cm-cursor": { borderLeftColor: "var(--m-text)", borderLeftWidth: "2px" },
  "&.cm-focused .cm-matchingBracket": { background: "var(--m-selected)", outline: "1px solid var(--m-accent)" },
  "&.cm-focused .cm-nonmatchingBracket": { background: "none", outline: "1px solid var(--m-negative)" },
  ".cm-lintRange-error": wavy("var(--m-negative)"),
  ".cm-lintRange-warning": wavy("var(--m-warning)"),
  ".cm-lintRange-active": { background: "none" },
  ".cm-clause": { background: "var(--m-mark)", borderRadius: "3px" },
  ".cm-clause, .cm-clause span": { color: "var(--m-mark-text)" },
  ".cm-tooltip": {
    zIndex: "300",
    maxWidth: "min(480px, calc(100vw - 24px))",
    border: "1px solid var(--m-line-strong)",
    borderRadius: "8px",
    background: "var(--m-raised)",
    color: "var(--m-text)",
    boxShadow: "var(--m-shadow)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "inherit",
    fontSize: "13px",
    lineHeight: "20px",
    maxHeight: "264px",
    minWidth: "200px",
    borderRadius: "7px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    alignItems: "baseline",
    gap: "12px",
    padding: "4px 12px",
    minHeight: "28px",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--m-selected)", color: "var(--m-text)" },
  ".cm-completionLabel": { fontFamily: "var(--mantine-font-family-monospace)", whiteSpace: "nowrap" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": {
    flex: "1",
    minWidth: "0",
    margin: "0",
    fontStyle: "normal",
    color: "var(--m-dim)",
    textAlign: "right",
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
  },
  ".cm-tooltip.cm-completionInfo": { padding: "10px 12px", fontSize: "13px", lineHeight: "20px", width: "max-content" },
  ".cm-completionInfo code": {
    display: "block",
    width: "fit-content",
    marginTop: "4px",
    padding: "0 6px",
    borderRadius: "4px",
    background: "var(--m-neutral-soft)",
  },
  ".cm-forms": { padding: "8px 12px", fontSize: "13px", lineHeight: "20px" },
  ".cm-forms > div + div": { marginTop: "4px", paddingTop: "4px", borderTop: "1px solid var(--m-line)" },
  ".cm-tooltip-lint": { fontSize: "13px", lineHeight: "20px" },
  ".cm-diagnostic": { padding: "8px 12px", marginLeft: "0", borderLeft: "3px solid var(--m-negative)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--m-warning)" },
  ".cm-diagnosticAction": {
    display: "block",
    margin: "6px 0 0",
    padding: "2px 10px",
    border: "1px solid var(--m-line-strong)",
    borderRadius: "4px",
    background: "var(--m-surface)",
    color: "var(--m-text)",
    fontSize: "12px",
    fontWeight: "600",
    cursor: "pointer",
  },
});
