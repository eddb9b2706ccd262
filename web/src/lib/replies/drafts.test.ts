import { describe, expect, it } from "vitest";
import { draftOfWhom, EMPTY_DRAFT, followed, keepDraft, readDraft } from "./drafts";

function memory() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
    key: (index: number) => [...kept.keys()][index] ?? null,
    get length() {
      return kept.size;
    },
  };
}

describe("drafts", () => {
  it("come back as they were left", () => {
    const place = memory();
    const draft = { text: "Здравствуйте", account: "3", visibility: "private", later: "2026-11-23T09:00", key: "k" };
    keepDraft(place, "1", { ...draft, visibility: "private" }, 5);
    expect(readDraft(place, "1")).toEqual(draft);
    expect(readDraft(place, "2")).toEqual(EMPTY_DRAFT);
  });

  it("follow another tab unless something else was written here", () => {
    const place = memory();
    keepDraft(place, "1", { text: "Здравствуйте" }, 1);
    const before = place.getItem("molva.reply.1");
    keepDraft(place, "1", { text: "Здравствуйте!", key: "k" }, 2);
    const now = place.getItem("molva.reply.1");
    expect(followed({ text: "Здравствуйте" }, before, now)).toEqual({ text: "Здравствуйте!", key: "k" });
    expect(followed({ text: "Здравствуйте!" }, now, null)).toEqual(EMPTY_DRAFT);
    expect(followed({ text: "Своё" }, now, null)).toEqual({ text: "Своё" });
    expect([draftOfWhom("molva.reply.1"), draftOfWhom("molva.locale"), draftOfWhom(null)]).toEqual(["1", null, null]);
  });

  it("without words are forgotten", () => {
    const place = memory();
    keepDraft(place, "1", { text: "x" }, 1);
    keepDraft(place, "1", { text: " \n" }, 2);
    expect(place.kept.size).toBe(0);
  });

  it("are a hundred at most, the oldest go, and what others keep stays", () => {
    const place = memory();
    place.setItem("molva.locale", "ru");
    for (let at = 1; at <= 120; at += 1) keepDraft(place, String(at), { text: "x" }, at);
    expect(place.kept.size).toBe(101);
    expect(readDraft(place, "20").text).toBe("");
    expect(readDraft(place, "21").text).toBe("x");
    expect(place.getItem("molva.locale")).toBe("ru");
  });

  it("that are damaged are no drafts", () => {
    const place = memory();
    place.setItem("molva.reply.1", "{");
    place.setItem("molva.reply.2", '{"text":5,"visibility":"secret"}');
    expect(readDraft(place, "1")).toEqual(EMPTY_DRAFT);
    expect(readDraft(place, "2").visibility).toBeUndefined();
  });
});
