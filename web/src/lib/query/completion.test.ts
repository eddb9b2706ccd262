import { describe, expect, it } from "vitest";
import type { QueryLanguage } from "~/api/types";
import { contextAt, proposals } from "./completion";

/** The context at `¦`. */
function context(query: string) {
  return contextAt(query.replace("¦", ""), query.indexOf("¦"));
}

describe("what is being written", () => {
  it("is a word from its beginning, also behind brackets and a minus", () => {
    expect(context("связь (net¦")).toEqual({ kind: "word", from: 7, typed: "net" });
    expect(context("связь -net¦")).toEqual({ kind: "word", from: 7, typed: "net" });
    expect(context("¦")).toEqual({ kind: "word", from: 0, typed: "" });
  });

  it("is the value of a field, alone or in brackets", () => {
    expect(context("network:te¦")).toEqual({ kind: "value", field: "network", from: 8, typed: "te" });
    expect(context("-KIND:¦")).toEqual({ kind: "value", field: "kind", from: 6, typed: "" });
    expect(context("kind:(post OR re¦")).toEqual({ kind: "value", field: "kind", from: 14, typed: "re" });
    expect(context("kind:(post) re¦")).toEqual({ kind: "word", from: 12, typed: "re" });
  });

  it("is the name of a list", () => {
    expect(context("a NOT list:раб¦")).toEqual({ kind: "list", from: 11, typed: "раб" });
  });

  it("is nothing inside comments and quotations", () => {
    expect(context('"нет ne¦')).toBeNull();
    expect(context("«нет ne¦")).toBeNull();
    expect(context("a -- ne¦")).toBeNull();
    expect(context("<<< ne¦")).toBeNull();
    expect(context('"нет" <<< x >>> ne¦')).toEqual({ kind: "word", from: 16, typed: "ne" });
  });
});

const LANGUAGE: QueryLanguage = {
  fields: [
    { name: "network", about: "where from", examples: ["network:vk"], values: ["vk", "telegram"], stage: "post" },
    { name: "title", about: "a word of the title", examples: ["title:сбой"], values: [], stage: "post" },
    { name: "list", about: "a named list", examples: ["list:бренды"], values: [], stage: "post" },
    { name: "tone", about: "known later", examples: ["tone:negative"], values: ["negative"], stage: "judged" },
  ],
  operators: [
    { write: "=слово", about: "this form only" },
    { write: "a ONEAR/5 b", about: "near, in order" },
    { write: "2 OF (a, b, c)", about: "two of them" },
    { write: "a OR b", about: "one of them; `|` means the same" },
    { write: "(a OR b) c", about: "brackets group" },
  ],
  lists: [
    { name: "работа", kind: "words", size: 4 },
    { name: "мои люди", kind: "authors", size: 2 },
  ],
};

describe("proposals", () => {
  const labels = (query: string, asked = false) => {
    const found = context(query);
    return found ? proposals(LANGUAGE, found, asked).map(({ write }) => write) : null;
  };

  it("fit what was typed; fields with known values go on", () => {
    expect(labels("NE¦")).toEqual(["network:"]);
    expect(proposals(LANGUAGE, { kind: "word", from: 0, typed: "net" }, false)).toEqual([
      {
        label: "network:",
        kind: "field",
        write: "network:",
        about: "where from",
        examples: ["network:vk"],
        goesOn: true,
      },
    ]);
  });

  it("operators answer to capitals only", () => {
    expect(labels("a ON¦")).toEqual(["ONEAR/5 "]);
    expect(labels("a ИЛ¦")).toEqual(["ИЛИ "]);
    expect(labels("a 2¦", true)).toEqual(["2 OF "]);
    expect(labels("a on¦")).toEqual([]);
    expect(labels("a OR¦")).toEqual([]);
    expect(labels("title¦")).toEqual([]);
    expect(labels("title¦", true)).toEqual(["title:"]);
  });

  it("say everything when asked, and nothing unasked", () => {
    expect(labels("a ¦")).toEqual([]);
    expect(labels("a ¦", true)).toEqual(["network:", "title:", "list:", "ONEAR/5 ", "2 OF ", "OR ", "ИЛИ ", "АБО "]);
  });

  it("leave out what is known only once a post is stored", () => {
    expect(labels("ton¦")).toEqual([]);
  });

  it("are the values of closed fields and the names of lists, quoted where they must be", () => {
    expect(labels("network:t¦")).toEqual(["telegram"]);
    expect(labels("network:telegram¦")).toEqual([]);
    expect(labels("title:¦")).toEqual([]);
    expect(labels("unknown:¦")).toEqual([]);
    expect(labels("list:¦")).toEqual(["работа", '"мои люди"']);
  });
});
