import { describe, expect, it } from "vitest";
import { agreementWord, answerOf, BLANK, changeOf, complete, KEYMAP, keyOf, minutesLeft, pressed } from "./labelling";

describe("the keyboard of the game", () => {
  it("has a key for everything, none twice", () => {
    expect(KEYMAP.size).toBe(3 + 2 + 9 + 5 + 7);
    expect(KEYMAP.has("")).toBe(false);
  });

  it("shows the key of a press", () => {
    expect(keyOf({ set: "tone", value: "positive" })).toBe("3");
    expect(keyOf({ set: "intent", value: "complaint" })).toBe("Q");
    expect(keyOf({ set: "stage", value: "leave" })).toBe("B");
    expect(keyOf({ go: "skip" })).toBe("N");
  });
});

describe("a draft", () => {
  const played = (...codes: string[]) =>
    codes.reduce((draft, code) => pressed(draft, KEYMAP.get(code) ?? { go: "next" }), BLANK);

  it("takes what is pressed, and gives it back when it is pressed again", () => {
    expect(played("Digit1", "KeyQ", "KeyW", "KeyC")).toEqual({
      tone: "negative",
      intents: ["complaint", "help"],
      stage: "use",
      spam: false,
      relevant: true,
    });
    expect(played("Digit1", "Digit1", "KeyQ", "KeyQ", "KeyC", "KeyC", "Digit4", "Digit4")).toEqual(BLANK);
  });

  it("is complete with a tone, or when it is spam, or not about the object", () => {
    expect([played(), played("KeyQ"), played("Digit2"), played("Digit4"), played("Digit5")].map(complete)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it("becomes an answer in whole seconds, in which spam is an intent too", () => {
    expect(answerOf(played("Digit4"), 3.6)).toEqual({ ...BLANK, spam: true, intents: ["spam"], seconds: 4 });
    expect(answerOf(BLANK, 1, true)).toEqual({ ...BLANK, seconds: 1, skipped: true });
  });

  it("sets on the mention what was said and nothing else", () => {
    expect(changeOf(played("Digit1", "KeyQ"))).toEqual({
      tone: "negative",
      intents: ["complaint"],
      stage: "none",
      spam: false,
    });
    expect(changeOf(played("Digit4"))).toEqual({ spam: true });
    expect(changeOf(played("Digit1", "Digit5"))).toEqual({ state: "binned" });
  });
});

describe("the time left", () => {
  it("is what the server thinks until there is a pace", () => {
    expect([minutesLeft(60, [], 5), minutesLeft(30, [4, 4], 3), minutesLeft(1, [], 0)]).toEqual([5, 3, 1]);
  });

  it("goes by the pace, without the times one was away", () => {
    expect(minutesLeft(30, [4, 4, 4, 900], 5)).toBe(2);
  });
});

it("calls agreement by its name", () => {
  expect([-0.1, 0.1, 0.5, 0.7, 0.9].map(agreementWord)).toEqual(["none", "slight", "fair", "good", "excellent"]);
});
