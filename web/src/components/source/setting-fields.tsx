import type { Setting, SourceDraft } from "~/api/types";
import { SettingField } from "./setting-field";

interface SettingFieldsProps {
  settings: readonly Setting[];
  draft: SourceDraft;
  /** Keys of the secrets that the server already has. */
  kept: readonly string[];
  fieldError: (...names: string[]) => string | undefined;
  onChange: (setting: Setting, value: string) => void;
}

/** The fields that a network declares. */
export function SettingFields({ settings, draft, kept, fieldError, onChange }: SettingFieldsProps) {
  return settings.map((setting) => (
    <SettingField
      key={setting.key}
      setting={setting}
      value={(setting.kind === "secret" ? draft.secrets : draft.settings)[setting.key] ?? ""}
      kept={kept.includes(setting.key)}
      error={fieldError(`settings.${setting.key}`, `secrets.${setting.key}`)}
      onChange={(value) => onChange(setting, value)}
    />
  ));
}
