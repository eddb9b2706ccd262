import { describe, expect, it } from "vitest";
import type { Setting } from "~/api/types";
import { shownSettings } from "./shown-settings";

const setting = (key: string, more: Partial<Setting> = {}): Setting => ({
  key,
  kind: "text",
  label: key,
  help: "",
  required: false,
  default: null,
  placeholder: null,
  ...more,
});

const form = [
  setting("what", { kind: "choice", default: "words" }),
  setting("words", { shown_when: { setting: "what", is: ["words"] } }),
  setting("calls", { kind: "flag", default: "true", shown_when: { setting: "what", is: ["own", "walls"] } }),
  setting("key", { kind: "secret", shown_when: { setting: "calls", is: ["true"] } }),
];
const shown = (values: Record<string, string>) => shownSettings(form, values).map(({ key }) => key);

describe("settings that are shown when they are needed", () => {
  it("go by the default where nothing is chosen", () => {
    expect(shown({})).toEqual(["what", "words"]);
    expect(shown({ what: " " })).toEqual(["what", "words"]);
  });

  it("go by any of several values", () => {
    expect(shown({ what: "own", calls: "false" })).toEqual(["what", "calls"]);
    expect(shown({ what: "walls", calls: "false" })).toEqual(["what", "calls"]);
  });

  it("are hidden with the one that they depend on, whatever it still holds", () => {
    expect(shown({ what: "own" })).toEqual(["what", "calls", "key"]);
    expect(shown({ what: "words", calls: "true" })).toEqual(["what", "words"]);
  });
});
