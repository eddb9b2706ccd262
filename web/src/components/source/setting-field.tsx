import { NativeSelect, PasswordInput, Switch, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Setting } from "~/api/types";
import { Sentence } from "../sentence";
import css from "./form.module.css";

interface SettingFieldProps {
  setting: Setting;
  value: string;
  /** A secret that the server already has. */
  kept: boolean;
  error: string | undefined;
  onChange: (value: string) => void;
}

/** The control that fits what the setting holds. */
export function SettingField({ setting, value, kept, error, onChange }: SettingFieldProps) {
  const { t } = useTranslation();
  const common = {
    label: setting.label,
    description: setting.help ? <Sentence text={setting.help} /> : undefined,
    required: setting.required && !(setting.kind === "secret" && kept),
    error: error ? <Sentence text={error} /> : undefined,
    name: setting.key,
    classNames: { description: css.help ?? "" },
  };
  const text = {
    ...common,
    value,
    placeholder: setting.placeholder ?? undefined,
    autoComplete: "off",
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };

  switch (setting.kind) {
    case "secret":
      return (
        <PasswordInput
          {...text}
          autoComplete="new-password"
          placeholder={kept ? t("sources.secretKept") : text.placeholder}
          visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
        />
      );
    case "flag":
      return (
        <Switch
          {...common}
          required={false}
          checked={value === "true"}
          onChange={(event) => onChange(String(event.currentTarget.checked))}
        />
      );
    case "choice":
      return (
        <NativeSelect
          {...common}
          value={value}
          data={[...(setting.required || value ? [] : [{ value: "", label: "—" }]), ...(setting.choices ?? [])]}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "list":
      return <Textarea {...text} rows={4} classNames={{ ...common.classNames, input: css.list ?? "" }} />;
    case "number":
      return (
        <TextInput
          {...text}
          type="number"
          inputMode="numeric"
          min={setting.min ?? undefined}
          max={setting.max ?? undefined}
        />
      );
    case "url":
      return <TextInput {...text} inputMode="url" spellCheck={false} />;
    default:
      return <TextInput {...text} />;
  }
}
