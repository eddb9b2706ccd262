import { Button, Switch, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "~/api/problem";
import { type AccountDraft, type AccountTest, createAccount, testAccount } from "~/api/replies";
import type { Connector, Setting, SourceDraft } from "~/api/types";
import { missing, sentDraft, startDraft } from "~/lib/source-draft";
import { showToast } from "~/state/toasts";
import { Notice } from "../notice";
import { Sentence } from "../sentence";
import form from "../source/form.module.css";
import { SettingField } from "../source/setting-field";
import { useProblemText } from "../use-problem-text";
import { HolderChoice } from "./holder-choice";

interface AccountFormProps {
  connector: Connector;
  /** What the network asks of who answers in it. */
  settings: Setting[];
  onSaved: () => void;
}

/** Connects an account: made from what the connector declares; it can be tried before it is saved. */
export function AccountForm({ connector, settings, onSaved }: AccountFormProps) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const shape = { ...connector, settings };
  const [draft, setDraft] = useState<SourceDraft>(() => startDraft(shape, null));
  const [holder, setHolder] = useState<AccountDraft["holder"]>("company");
  const [consent, setConsent] = useState(false);
  const [approval, setApproval] = useState(false);
  const [busy, setBusy] = useState<"save" | "test" | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [tested, setTested] = useState<AccountTest | null>(null);

  const change = (part: Partial<SourceDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setTested(null);
  };
  const fieldError = (...names: string[]): string | undefined =>
    error instanceof Problem ? error.fields.find((one) => names.includes(one.field))?.message : undefined;
  const shown = (field: string) =>
    field === "name" || settings.some(({ key }) => field === `settings.${key}` || field === `secrets.${key}`);
  const generalError =
    error !== null &&
    !(error instanceof Problem && error.fields.length > 0 && error.fields.every((one) => shown(one.field)));
  const incomplete = missing(shape, draft, null).length > 0;
  const unagreed = holder === "me" && !consent;

  const body = (): AccountDraft => {
    const { name, settings: filled, secrets } = sentDraft(draft);
    const whose = holder === "me" ? ({ holder, consent: true } as const) : { holder };
    return {
      connector: connector.name,
      // One without a name is called as the network calls it, or after the network.
      name: name || (tested?.facts?.handle ? `@${tested.facts.handle}` : connector.title),
      settings: filled,
      secrets,
      needs_approval: approval,
      ...whose,
    };
  };

  const attempt = async (what: "save" | "test", action: () => Promise<void>) => {
    setBusy(what);
    setError(null);
    setTested(null);
    try {
      await action();
    } catch (failure) {
      setError(failure);
    }
    setBusy(null);
  };
  const test = () => attempt("test", async () => setTested(await testAccount(body())));
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (incomplete || unagreed) return;
    void attempt("save", async () => {
      const saved = await createAccount(body());
      await cache.invalidateQueries({
        predicate: ({ queryKey }) => ["accounts", "reply-options"].includes(String(queryKey[0])),
      });
      showToast({ kind: "done", text: t("accounts.connected", { name: saved.name }) });
      onSaved();
    });
  };

  return (
    <form className={`card ${form.form}`} onSubmit={save}>
      <TextInput
        label={t("accounts.name")}
        description={t("accounts.nameHint")}
        placeholder={connector.title}
        maxLength={120}
        value={draft.name}
        error={fieldError("name")}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      {settings.map((setting) => (
        <SettingField
          key={setting.key}
          setting={setting}
          value={(setting.kind === "secret" ? draft.secrets : draft.settings)[setting.key] ?? ""}
          kept={false}
          error={fieldError(`settings.${setting.key}`, `secrets.${setting.key}`)}
          onChange={(value) =>
            change(
              setting.kind === "secret"
                ? { secrets: { ...draft.secrets, [setting.key]: value } }
                : { settings: { ...draft.settings, [setting.key]: value } },
            )
          }
        />
      ))}
      <HolderChoice holder={holder} consent={consent} onHolder={setHolder} onConsent={setConsent} />
      <Switch
        label={t("accounts.approval")}
        description={t("accounts.approvalHint")}
        checked={approval}
        onChange={(event) => setApproval(event.currentTarget.checked)}
      />
      {generalError && (
        <Notice kind="error">
          <Sentence text={problemText(error)} />
        </Notice>
      )}
      {tested && (
        <Notice kind={tested.ok ? (tested.facts?.missing ? "warning" : "good") : "error"}>
          {tested.ok && tested.facts ? (
            <p>{t("accounts.testedAs", { handle: `@${tested.facts.handle}` })}</p>
          ) : (
            <Sentence text={tested.message} />
          )}
          {tested.facts?.missing && (
            <p>
              <Sentence text={tested.facts.missing} />
            </p>
          )}
          {tested.advice && (
            <p>
              <Sentence text={tested.advice} />
            </p>
          )}
        </Notice>
      )}
      {unagreed && <p className="dim">{t("accounts.consentNeeded")}</p>}
      <div className={form.foot}>
        <Button type="submit" loading={busy === "save"} disabled={incomplete || unagreed || busy !== null}>
          {t("accounts.save")}
        </Button>
        <Button
          variant="default"
          loading={busy === "test"}
          disabled={incomplete || busy !== null}
          onClick={() => void test()}
        >
          {t("accounts.test")}
        </Button>
        {busy === "test" && (
          <span className="dim" role="status">
            {t("accounts.testing")}
          </span>
        )}
      </div>
    </form>
  );
}
