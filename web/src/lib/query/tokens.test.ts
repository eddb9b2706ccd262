import { StringStream } from "@codemirror/language";
import { expect, it } from "vitest";
import { queryParser } from "./tokens";

/** Every coloured stretch as `kind:text`. */
function coloured(query: string): string[] {
  const state = queryParser.startState?.(2);
  if (!state) throw new Error("no state");
  const found: string[] = [];
  for (const line of query.split("\n")) {
    const stream = new StringStream(line, 2, 2);
    while (!stream.eol()) {
      stream.start = stream.pos;
      const kind = queryParser.token(stream, state);
      expect(stream.pos).toBeGreaterThan(stream.start);
      if (kind !== null) found.push(`${kind}:${stream.current()}`);
    }
  }
  return found;
}

it("operators stand out in three languages, words do not", () => {
  expect(coloured("связь OR сеть И вышка НЕ тест І вежа АБО щогла | a")).toEqual([
    "operator:OR",
    "operator:И",
    "not:НЕ",
    "operator:І",
    "operator:АБО",
    "operator:|",
  ]);
  expect(coloured("и или не or")).toEqual([]);
});

it("a minus excludes only where something follows it", () => {
  expect(coloured("a -b wi-fi - c")).toEqual(["not:-"]);
});

it("distances, sentences and counted groups are operators", () => {
  expect(coloured("a NEAR/5 b ONEAR c SENTENCE d 2 OF (e, f) 3 ИЗ (g) 2 ofs")).toEqual([
    "operator:NEAR/5",
    "operator:ONEAR",
    "operator:SENTENCE",
    "operator:2 OF",
    "bracket:(",
    "bracket:,",
    "bracket:)",
    "operator:3 ИЗ",
    "bracket:(",
    "bracket:)",
    "number:2",
  ]);
});

it("a word that only begins like an operator stays a word", () => {
  expect(coloured("NEARBY ORы ИЛИч")).toEqual([]);
});

it("fields are told from their values", () => {
  expect(coloured('network:vk followers:>=1000 kind:(post OR reply) author.city:"Новый Уренгой" x')).toEqual([
    "field:network:",
    "value:vk",
    "field:followers:",
    "compare:>=",
    "number:1000",
    "field:kind:",
    "bracket:(",
    "value:post",
    "operator:OR",
    "value:reply",
    "bracket:)",
    "field:author.city:",
    'quote:"Новый Уренгой"',
  ]);
});

it("quotations run over lines and take their distance along", () => {
  expect(coloured('"нет\nинтернета"~3 «а»')).toEqual(['quote:"нет', 'quote:интернета"~3', "quote:«а»"]);
});

it("comments are dim to the end of the line or to their end", () => {
  expect(coloured("a -- b OR c\n<<< d\nOR >>> e OR f")).toEqual([
    "comment:-- b OR c",
    "comment:<<< d",
    "comment:OR >>>",
    "operator:OR",
  ]);
});

it("exact words, prefixes, hashtags, mentions and numbers have their own colour", () => {
  expect(coloured("=билайн ==Билайн мегаф* л?с #домру @name 4 5G")).toEqual([
    "exact:=",
    "exact:==",
    "wildcard:мегаф*",
    "wildcard:л?с",
    "hashtag:#домру",
    "mention:@name",
    "number:4",
  ]);
});

it("gets to the end of anything", () => {
  for (const text of ['"', "(", ")))", "network:", "kind:(", "<<<", "»", "~", "==", "=", "😡 «", "a:b:c", "-"])
    coloured(text);
});
