import type { Connector, Setting, Source, SourceDraft } from "~/api/types";

/** The form's values before anything is typed: the source's own or the defaults. Secrets are never known. */
export function startDraft(connector: Connector, source: Source | null): SourceDraft {
  const settings: Record<string, string> = {};
  for (const setting of connector.settings) {
    if (setting.kind === "secret") continue;
    settings[setting.key] = source?.settings[setting.key] ?? setting.default ?? "";
  }
  return { connector: connector.name, name: source?.name ?? "", settings, secrets: {} };
}

/** What to send: blank settings and untouched secrets are left out. */
export function sentDraft(draft: SourceDraft): SourceDraft {
  const filled = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ""));
  return { ...draft, name: draft.name.trim(), settings: filled(draft.settings), secrets: filled(draft.secrets) };
}

/** Required settings that are blank; a secret that is already kept counts as given. */
export function missing(connector: Connector, draft: SourceDraft, source: Source | null): Setting[] {
  return connector.settings.filter((setting) => {
    if (!setting.required) return false;
    if (setting.kind === "secret") {
      return !draft.secrets[setting.key]?.trim() && !source?.secret_keys.includes(setting.key);
    }
    return !draft.settings[setting.key]?.trim();
  });
}
