import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { goAndAgree } from "~/api/consent";
import { createSource, testSource, updateSource } from "~/api/operations";
import type { Connector, Source, SourceDraft, SourceTest } from "~/api/types";
import { enterable } from "~/lib/source-draft";
import { showToast } from "~/state/toasts";
import { Connect } from "../consent/connect";
import { Notice } from "../notice";
import { Sentence } from "../sentence";
import { useProblemText } from "../use-problem-text";
import css from "./form.module.css";
import { FormFoot } from "./form-foot";
import { SettingFields } from "./setting-fields";
import { useNetworkForm } from "./use-network-form";

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
  const form = useNetworkForm<SourceTest>(connector, source, connector.oauth?.listen ? connector.oauth : null);
  const { draft, offer, busy, tested } = form;
  const entered = offer ? enterable(form.shown, offer) : form.shown;
  const body = () => named(form.sent(), connector);

  const test = () => form.attempt("test", async () => form.setTested(await testSource(body())));
  const agree = () =>
    form.attempt("consent", async () => {
      if (source) await updateSource(source.id, body());
      const { connector: network, name, settings, secrets } = body();
      const fresh = { source: { connector: network, name, settings, secrets: secrets ?? {} } };
      await goAndAgree(source ? { source_id: source.id } : fresh);
    });
  const save = (event: FormEvent) => {
    event.preventDefault();
    void form.attempt("save", async () => {
      const saved = source ? await updateSource(source.id, body()) : await createSource(body());
      await cache.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith("source") });
      showToast({ kind: "done", text: t(source ? "sources.saved" : "sources.added", { name: saved.name }) });
      onSaved(saved);
    });
  };

  return (
    <form ref={form.form} className={`card ${css.form}`} onSubmit={save}>
      <TextInput
        label={t("sources.name")}
        description={t("sources.nameHint")}
        placeholder={connector.title}
        maxLength={120}
        value={draft.name}
        error={form.fieldError("name")}
        onChange={(event) => form.change({ name: event.currentTarget.value })}
      />
      <SettingFields
        settings={entered}
        draft={draft}
        kept={source?.secret_keys ?? []}
        fieldError={form.fieldError}
        onChange={form.changeSetting}
      />
      {form.error !== null && (
        <Notice kind="error">
          <Sentence text={problemText(form.error)} />
        </Notice>
      )}
      {tested && (
        <Notice kind={tested.ok ? "good" : "error"}>
          {tested.ok && <p>{t("sources.works")}</p>}
          <Sentence text={tested.message} />
          {tested.advice && (
            <p>
              <Sentence text={tested.advice} />
            </p>
          )}
        </Notice>
      )}
      {offer && (
        <Connect
          title={connector.title}
          connector={connector.name}
          offer={offer}
          wants={form.lackingBefore.length > 0 ? t("sources.lacking", { fields: form.lackingBefore.join(", ") }) : null}
          disabled={busy !== null}
          busy={busy === "consent"}
          onGo={() => void agree()}
        />
      )}
      {!form.onlyByConsent && (
        <FormFoot
          words={{
            save: t(source ? "common.save" : "sources.add"),
            test: t("sources.test"),
            testing: t("sources.testing"),
          }}
          busy={busy}
          lacking={form.lacking}
          second={offer !== null}
          onTest={connector.mode === "push" ? null : () => void test()}
        />
      )}
    </form>
  );
}

/** A source without a name is called after its network. */
function named(draft: SourceDraft, connector: Connector): SourceDraft {
  return { ...draft, name: draft.name || connector.title };
}
