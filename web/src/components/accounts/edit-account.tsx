import { Button, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "~/api/problem";
import { connectorsQuery } from "~/api/queries";
import { type Account, type AccountChange, replySettings, updateAccount } from "~/api/replies";
import { shownSettings } from "~/lib/shown-settings";
import { enterable } from "~/lib/source-draft";
import { showToast } from "~/state/toasts";
import { Answers } from "../dialog";
import { Notice } from "../notice";
import { Sentence } from "../sentence";
import form from "../source/form.module.css";
import { SettingField } from "../source/setting-field";
import { useProblemText } from "../use-problem-text";

/** Another name, or new keys in place of those that are kept. */
export function EditAccount({ account, onDone }: { account: Account; onDone: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const connector = useQuery(connectorsQuery).data?.find(({ name }) => name === account.connector);
  const declared = (connector && replySettings(connector)) ?? [];
  const entered = connector?.oauth ? enterable(declared, connector.oauth) : declared;
  const keys = shownSettings(entered, account.settings).filter(({ kind }) => kind === "secret");
  const [name, setName] = useState(account.name);
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const wrong = (field: string) =>
    error instanceof Problem ? error.fields.find((one) => one.field === field)?.message : undefined;
  const elsewhere = error !== null && !wrong("name") && !keys.some(({ key }) => wrong(`settings.${key}`));

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const change: AccountChange = {};
    const given = Object.entries(secrets).filter(([, value]) => value.trim() !== "");
    if (name.trim() !== account.name) change.name = name.trim();
    if (given.length > 0) change.secrets = Object.fromEntries(given);
    if (Object.keys(change).length === 0) return onDone();
    setBusy(true);
    setError(null);
    try {
      const saved = await updateAccount(account.id, change);
      showToast({ kind: "done", text: t("accounts.saved", { name: saved.name }) });
      await cache.invalidateQueries({
        predicate: ({ queryKey }) => ["accounts", "reply-options", "replies"].includes(String(queryKey[0])),
      });
      onDone();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  return (
    <form className={form.form} style={{ padding: 0 }} onSubmit={(event) => void save(event)}>
      <TextInput
        label={t("accounts.name")}
        required
        maxLength={120}
        value={name}
        error={wrong("name") && <Sentence text={wrong("name") ?? ""} />}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {keys.map((setting) => (
        <SettingField
          key={setting.key}
          setting={setting}
          value={secrets[setting.key] ?? ""}
          kept={account.secret_keys.includes(setting.key)}
          error={wrong(`settings.${setting.key}`)}
          onChange={(value) => setSecrets((before) => ({ ...before, [setting.key]: value }))}
        />
      ))}
      {elsewhere && (
        <Notice kind="error">
          <Sentence text={problemText(error)} />
        </Notice>
      )}
      <Answers>
        <Button variant="default" onClick={onDone}>
          {t("common.cancel")}
        </Button>
        <Button type="submit" loading={busy} disabled={name.trim() === ""}>
          {t("common.save")}
        </Button>
      </Answers>
    </form>
  );
}
