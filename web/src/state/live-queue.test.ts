import { describe, expect, it } from "vitest";
import type { Mention } from "~/api/types";
import { EMPTY_QUEUE, gather, pause, replaced, withHead } from "./live-queue";

const mention = (id: string, part: Partial<Mention> = {}) => ({ id, ...part }) as Mention;
const ids = (items: Mention[]) => items.map((one) => one.id);
const list = (...names: string[]) => names.map((name) => mention(name));

describe("what has come since the list was drawn", () => {
  it("is nothing when the newest page is known", () => {
    expect(gather(new Set(["a", "b"]), list("a", "b"), true)).toBe(EMPTY_QUEUE);
  });

  it("is what the list does not show, late arrivals among the known ones too", () => {
    const queue = gather(new Set(["a", "b"]), list("n", "a", "late", "b"), true);
    expect({ ids: ids(queue.waiting), orMore: queue.orMore }).toEqual({ ids: ["n", "late"], orMore: false });
  });

  it("says that there may be more when nothing of the page is known", () => {
    expect(gather(new Set(["old"]), list("x", "y"), true).orMore).toBe(true);
    expect(gather(new Set(), list("x", "y"), false).orMore).toBe(false);
  });
});

describe("putting the newest page on top", () => {
  const page = (names: string[], next_cursor: string | null) => ({ items: list(...names), next_cursor });

  it("keeps the pages that were loaded", () => {
    const before = { pages: [page(["a", "b"], "p2"), page(["c", "d"], null)], pageParams: [null, "p2"] };
    const after = withHead(before, page(["n", "a"], "h2"));
    expect(after.pages.map((one) => ids(one.items))).toEqual([
      ["n", "a", "b"],
      ["c", "d"],
    ]);
    expect(after.pages[0]?.next_cursor).toBe("p2");
  });

  it("starts anew when a stretch between would be missing", () => {
    const before = { pages: [page(["a", "b"], null)], pageParams: [null] };
    const head = page(["y", "z"], "h2");
    expect(withHead(before, head)).toEqual({ pages: [head], pageParams: [null] });
  });
});

describe("replacing", () => {
  it("keeps places and length", () => {
    const items = list("a", "b", "c");
    const next = replaced(items, [mention("b", { state: "kept" }), mention("zz")]);
    expect(ids(next)).toEqual(["a", "b", "c"]);
    expect(next[1]?.state).toBe("kept");
  });

  it("touches nothing when nothing fits", () => {
    const items = list("a");
    expect(replaced(items, list("b"))).toBe(items);
  });
});

it("a quiet stream is looked at within 100 ms, a busy one three times a second, a flood seldom", () => {
  expect(pause(1, false, 60_000)).toBe(50);
  expect(pause(1, false, 0)).toBe(100);
  expect(pause(300, false, 100)).toBe(250);
  expect(pause(300, true, 0)).toBe(2_000);
});
