import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { createSource, testSource, updateSource } from "~/api/operations";
import { Problem } from "~/api/problem";
import type { Connector, Source, SourceDraft, SourceTest } from "~/api/types";
import { missing, sentDraft, startDraft } from "~/lib/source-draft";
import { showToast } from "~/state/toasts";
import { Notice } from "../notice";
import { Sentence } from "../sentence";
import { useProblemText } from "../use-problem-text";
import css from "./form.module.css";
import { SettingField } from "./setting-field";

interface SourceFormProps {
  connector: Connector;
  source: Source | null;
  onSaved: (source: Source) => void;
}

/** Made from what the connector declares; it can be tried before it is saved. */
export function SourceForm({ connector, source, onSaved }: SourceFormProps) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const [draft, setDraft] = useState<SourceDraft>(() => startDraft(connector, source));
  const [busy, setBusy] = useState<"save" | "test" | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [tested, setTested] = useState<SourceTest | null>(null);

  const change = (part: Partial<SourceDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setTested(null);
  };
  const fieldError = (field: string): string | undefined =>
    error instanceof Problem ? error.fields.find((one) => one.field === field)?.message : undefined;
  const incomplete = missing(connector, draft, source).length > 0;
  const shown = (field: string) =>
    field === "name" || connector.settings.some((setting) => `settings.${setting.key}` === field);
  const generalError =
    error !== null &&
    !(error instanceof Problem && error.fields.length > 0 && error.fields.every((one) => shown(one.field)));

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

  const test = () => attempt("test", async () => setTested(await testSource(named(sentDraft(draft), connector))));

  const save = (event: FormEvent) => {
    event.preventDefault();
    void attempt("save", async () => {
      const sent = named(sentDraft(draft), connector);
      const saved = source ? await updateSource(source.id, sent) : await createSource(sent);
      await cache.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith("source") });
      showToast({ kind: "done", text: t(source ? "sources.saved" : "sources.added", { name: saved.name }) });
      onSaved(saved);
    });
  };

  return (
    <form className={`card ${css.form}`} onSubmit={save}>
      <TextInput
        label={t("sources.name")}
        description={t("sources.nameHint")}
        placeholder={connector.title}
        maxLength={120}
        value={draft.name}
        error={fieldError("name")}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      {connector.settings.map((setting) => (
        <SettingField
          key={setting.key}
          setting={setting}
          value={(setting.kind === "secret" ? draft.secrets : draft.settings)[setting.key] ?? ""}
          kept={source?.secret_keys.includes(setting.key) ?? false}
          error={fieldError(`settings.${setting.key}`)}
          onChange={(value) =>
            change(
              setting.kind === "secret"
                ? { secrets: { ...draft.secrets, [setting.key]: value } }
                : { settings: { ...draft.settings, [setting.key]: value } },
            )
          }
        />
      ))}
      {generalError && (
        <Notice kind="error">
          <Sentence text={problemText(error)} />
        </Notice>
      )}
      {tested && (
        <Notice kind={tested.ok ? "good" : "error"}>
          <Sentence text={tested.message} />
          {tested.advice && (
            <p>
              <Sentence text={tested.advice} />
            </p>
          )}
        </Notice>
      )}
      <div className={css.foot}>
        <Button type="submit" loading={busy === "save"} disabled={incomplete || busy !== null}>
          {source ? t("common.save") : t("sources.add")}
        </Button>
        {connector.mode !== "push" && (
          <Button
            variant="default"
            loading={busy === "test"}
            disabled={incomplete || busy !== null}
            onClick={() => void test()}
          >
            {t("sources.test")}
          </Button>
        )}
        {busy === "test" && (
          <span className="dim" role="status">
            {t("sources.testing")}
          </span>
        )}
      </div>
    </form>
  );
}

/** A source without a name is called after its network. */
function named(draft: SourceDraft, connector: Connector): SourceDraft {
  return { ...draft, name: draft.name || connector.title };
}
