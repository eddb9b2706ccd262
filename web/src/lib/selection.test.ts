import { describe, expect, it } from "vitest";
import { parseSearch, stringifySearch } from "./search-params";
import {
  type Choice,
  choiceKey,
  chosenIn,
  isEverything,
  narrowed,
  readChoice,
  toggledIn,
  toSelection,
} from "./selection";

const NOW = Date.parse("2026-11-22T01:30:00Z");
const read = (address: string) => readChoice(parseSearch(address));

describe("an address", () => {
  it("comes back as it was written", () => {
    const choice: Choice = {
      query: "билайн\nNOT (вакансия)",
      topic: ["7400000000000000001", "7400000000000000002"],
      tag: ["~", "~~тильда"],
      tone: ["none"],
      include: ["copies"],
      from: "2026-11-01T00:00:00.000Z",
      to: "2026-11-08T00:00:00.000Z",
    };
    expect(read(stringifySearch(choice))).toEqual(choice);
  });

  it("loses what makes no sense and keeps the rest", () => {
    expect(
      read("?query=%20&tone=loud&tone=negative&state=lost&include=all&from=never&period=7d&topic=1&topic=1&page=2"),
    ).toEqual({ topic: ["1"], tone: ["negative"], period: "7d" });
  });

  it("takes exact moments over a period by name, and no end before its beginning", () => {
    expect(read("?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z&period=7d")).toEqual({
      from: "2026-11-02T00:00:00.000Z",
    });
  });
});

describe("a selection", () => {
  it("names what has no value as the API does", () => {
    expect(toSelection(read("?country=~&tag=~~x&tone=none&query=a"), NOW, "UTC")).toEqual({
      query: "a",
      country: [""],
      tag: ["~x"],
      tone: ["none"],
    });
  });

  it("turns a period into moments of the workspace's days", () => {
    expect(toSelection({ period: "7d" }, NOW, "Europe/Moscow")).toEqual({ from: "2026-11-15T21:00:00.000Z" });
    expect(toSelection({ period: "yesterday" }, NOW, "America/New_York")).toEqual({
      from: "2026-11-20T05:00:00.000Z",
      to: "2026-11-21T05:00:00.000Z",
    });
  });
});

describe("narrowing", () => {
  it("puts the part of a drill into the choice", () => {
    const choice = read("?query=связь&period=30d&network=vk");
    expect(
      narrowed(choice, { query: "нет интернета", word: ["сбой"], city: [""], from: "2026-11-01T00:00:00Z" }),
    ).toEqual({
      query: "(связь)\nAND (нет интернета)",
      network: ["vk"],
      word: ["сбой"],
      city: ["~"],
      from: "2026-11-01T00:00:00Z",
      to: undefined,
    });
  });

  it("adds a value and takes it away again", () => {
    const added = toggledIn(toggledIn({}, "tone", ""), "tag", "~t");
    expect(added).toEqual({ tone: ["none"], tag: ["~~t"] });
    expect(chosenIn(added, "tag")).toEqual(["~t"]);
    expect(isEverything(toggledIn(toggledIn(added, "tag", "~t"), "tone", "none"))).toBe(true);
  });
});

it("has one key for the same choice in another order", () => {
  expect(choiceKey(read("?topic=2&topic=1&query=a"))).toBe(choiceKey(read("?query=a&topic=1&topic=2")));
  expect(choiceKey(read("?topic=2"))).not.toBe(choiceKey(read("?topic=1")));
});
