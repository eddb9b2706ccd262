import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Setting, SourceDraft } from "~/api/types";
import { SettingField } from "./setting-field";

interface SettingFieldsProps {
  /** Those that are shown. */
  settings: readonly Setting[];
  draft: SourceDraft;
  /** Keys of the secrets that the server already has. */
  kept: readonly string[];
  fieldError: (...names: string[]) => string | undefined;
  onChange: (setting: Setting, value: string) => void;
}

/** The fields that a network declares. What a choice brings stands below it and is announced. */
export function SettingFields({ settings, draft, kept, fieldError, onChange }: SettingFieldsProps) {
  const { t } = useTranslation();
  const brought = useBrought(settings);
  return (
    <>
      {settings.map((setting) => (
        <SettingField
          key={setting.key}
          setting={setting}
          value={(setting.kind === "secret" ? draft.secrets : draft.settings)[setting.key] ?? ""}
          kept={kept.includes(setting.key)}
          error={fieldError(`settings.${setting.key}`, `secrets.${setting.key}`)}
          onChange={(value) => onChange(setting, value)}
        />
      ))}
      <span className="hidden" role="status">
        {brought.length > 0 && t("sources.nowAsked", { fields: brought.join(", ") })}
      </span>
    </>
  );
}

/** Labels of the fields that came with the last change. */
function useBrought(settings: readonly Setting[]): string[] {
  const before = useRef(settings);
  const [brought, setBrought] = useState<string[]>([]);
  const shown = settings.map(({ key }) => key).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is a new one at every turn, its keys say whether it changed
  useEffect(() => {
    const known = before.current.map(({ key }) => key);
    if (known.join(" ") === shown) return;
    before.current = settings;
    setBrought(settings.filter(({ key }) => !known.includes(key)).map(({ label }) => label));
  }, [shown]);
  return brought;
}
