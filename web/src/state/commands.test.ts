import { describe, expect, it } from "vitest";
import en from "~/locales/en.json";
import { COMMANDS, type Command, type CommandName, mayRun } from "./commands";

const FREE = { enabled: true, typing: false, dialog: false, afterPrefix: false, onControl: false };
const names = Object.keys(COMMANDS) as CommandName[];

describe("the keyboard", () => {
  it("binds no key twice", () => {
    const presses = names.flatMap((name) => [...(COMMANDS[name] as Command).presses]);
    expect(presses.length).toBe(new Set(presses).size);
  });

  it("has no single key that begins a sequence", () => {
    const presses = names.flatMap((name) => [...(COMMANDS[name] as Command).presses]);
    const firsts = presses.filter((press) => press.includes(" ")).map((press) => press.split(" ")[0]);
    expect(presses.filter((press) => firsts.includes(press))).toEqual([]);
  });

  it("names every command on the sheet", () => {
    expect(Object.keys(en.shortcuts.commands).sort()).toEqual([...names].sort());
  });

  it("leaves letters to who is typing, but not the palette", () => {
    const typing = { ...FREE, typing: true };
    expect(names.filter((name) => mayRun(name, typing))).toEqual(["palette", "save"]);
  });

  it("can be switched off", () => {
    expect(names.filter((name) => mayRun(name, { ...FREE, enabled: false }))).toEqual(["palette", "save"]);
  });

  it("gives the letter after g to the pages alone", () => {
    const allowed = names.filter((name) => mayRun(name, { ...FREE, afterPrefix: true }));
    expect(
      allowed.filter((name) => !(COMMANDS[name] as Command).always).every((name) => COMMANDS[name].group === "go"),
    ).toBe(true);
    expect(allowed).not.toContain("tone");
  });

  it("is silent under a dialog", () => {
    expect(names.filter((name) => mayRun(name, { ...FREE, dialog: true }))).toEqual([]);
  });

  it("leaves Enter to the button that has the focus", () => {
    expect(mayRun("open", { ...FREE, onControl: true })).toBe(false);
    expect(mayRun("keep", { ...FREE, onControl: true })).toBe(true);
  });
});
