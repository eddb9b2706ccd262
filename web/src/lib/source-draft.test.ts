import { describe, expect, it } from "vitest";
import type { Connector, Setting, Source } from "~/api/types";
import { missing, sentDraft, startDraft } from "./source-draft";

const setting = (key: string, more: Partial<Setting> = {}): Setting => ({
  key,
  kind: "text",
  label: key,
  help: "",
  required: true,
  default: null,
  placeholder: null,
  ...more,
});
const signIn = (...is: string[]) => ({ shown_when: { setting: "sign_in", is } });

const mail = {
  name: "mail",
  settings: [
    setting("sign_in", { kind: "choice", default: "password", required: false }),
    setting("password", { kind: "secret", ...signIn("password") }),
    setting("token", { kind: "secret", ...signIn("google", "other") }),
    setting("token_url", { kind: "url", ...signIn("other") }),
  ],
  oauth: { token_key: "token", instead: ["password"] },
} as unknown as Connector;

const lacking = (settings: Record<string, string>, source: Source | null = null) => {
  const draft = { ...startDraft(mail, null), settings };
  return missing(mail, draft, source).map(({ key }) => key);
};

describe("a draft of a source", () => {
  it("lacks only what its choices ask for", () => {
    expect(lacking({})).toEqual(["password"]);
    expect(lacking({ sign_in: "google" })).toEqual(["token"]);
    expect(lacking({ sign_in: "other" })).toEqual(["token", "token_url"]);
  });

  it("needs the password again when it leaves the consent", () => {
    const agreed = { secret_keys: ["token"] } as unknown as Source;
    expect(lacking({ sign_in: "google" }, agreed)).toEqual([]);
    expect(lacking({ sign_in: "password" }, agreed)).toEqual(["password"]);
  });

  it("sends nothing that the form does not show", () => {
    const draft = {
      ...startDraft(mail, null),
      settings: { sign_in: "password", token_url: "https://left.over" },
      secrets: { password: "x", token: "left over" },
    };
    const { settings, secrets } = sentDraft(draft, mail.settings);
    expect({ settings, secrets }).toEqual({ settings: { sign_in: "password" }, secrets: { password: "x" } });
  });
});
