import { Switch, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { goAndAgree } from "~/api/consent";
import { type AccountDraft, type AccountTest, createAccount, testAccount } from "~/api/replies";
import type { Connector, Setting } from "~/api/types";
import { aroundConsent } from "~/lib/source-draft";
import { showToast } from "~/state/toasts";
import { Connect } from "../consent/connect";
import { Notice } from "../notice";
import { Sentence } from "../sentence";
import css from "../source/form.module.css";
import { FormFoot } from "../source/form-foot";
import { SettingFields } from "../source/setting-fields";
import { useNetworkForm } from "../source/use-network-form";
import { useProblemText } from "../use-problem-text";
import { HolderChoice } from "./holder-choice";
import { TestedAccount } from "./tested-account";

interface AccountFormProps {
  connector: Connector;
  /** What the network asks of who answers in it. */
  settings: Setting[];
  onSaved: () => void;
}

/** Connects an account: by consent on the network's page where it has one, or by keys, which can be tried before they are saved. */
export function AccountForm({ connector, settings, onSaved }: AccountFormProps) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const offered = connector.oauth?.reply ? connector.oauth : null;
  const form = useNetworkForm<AccountTest>({ ...connector, settings }, null, offered);
  const { draft, offer, busy, tested } = form;
  const parts = offer && aroundConsent(form.shown, offer);
  const [holder, setHolder] = useState<AccountDraft["holder"]>("company");
  const [consent, setConsent] = useState(false);
  const [approval, setApproval] = useState(false);
  const unagreed = holder === "me" && !consent;
  const wants =
    form.lackingBefore.length > 0
      ? t("sources.lacking", { fields: form.lackingBefore.join(", ") })
      : unagreed
        ? t("accounts.consentNeeded")
        : null;

  const whole = () => {
    const { name, settings: filled, secrets } = form.sent();
    const whose = holder === "me" ? ({ holder, consent: true } as const) : { holder };
    return {
      secrets: secrets ?? {},
      more: { connector: connector.name, name, settings: filled, needs_approval: approval, ...whose },
    };
  };
  const body = (): AccountDraft => {
    const { secrets, more } = whole();
    // One without a name is called as the network calls it, or after the network.
    const name = more.name || (tested?.facts?.handle ? `@${tested.facts.handle}` : connector.title);
    return { ...more, settings: more.settings ?? {}, secrets, name };
  };

  const test = () => form.attempt("test", async () => form.setTested(await testAccount(body())));
  const agree = () => form.attempt("consent", () => goAndAgree({ account: whole().more }));
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (form.lacking.length > 0 || unagreed) return;
    void form.attempt("save", async () => {
      const saved = await createAccount(body());
      await cache.invalidateQueries({
        predicate: ({ queryKey }) => ["accounts", "reply-options"].includes(String(queryKey[0])),
      });
      showToast({ kind: "done", text: t("accounts.connected", { name: saved.name }) });
      onSaved();
    });
  };
  const fields = (chosen: Setting[]) => (
    <SettingFields
      settings={chosen}
      draft={draft}
      kept={[]}
      fieldError={form.fieldError}
      onChange={form.changeSetting}
    />
  );

  return (
    <form ref={form.form} className={`card ${css.form}`} onSubmit={save}>
      <TextInput
        label={t("accounts.name")}
        description={t("accounts.nameHint")}
        placeholder={connector.title}
        maxLength={120}
        value={draft.name}
        error={form.fieldError("name")}
        onChange={(event) => form.change({ name: event.currentTarget.value })}
      />
      {fields(parts ? parts.always : form.shown)}
      <HolderChoice holder={holder} consent={consent} onHolder={setHolder} onConsent={setConsent} />
      <Switch
        label={t("accounts.approval")}
        description={t("accounts.approvalHint")}
        checked={approval}
        onChange={(event) => setApproval(event.currentTarget.checked)}
      />
      {offer && parts && (
        <>
          <Connect
            title={connector.title}
            connector={connector.name}
            offer={offer}
            wants={wants}
            disabled={busy !== null}
            busy={busy === "consent"}
            onGo={() => void agree()}
          />
          {parts.byHand.length > 0 && <h2 className="dim">{t("consent.byHand")}</h2>}
          {fields(parts.byHand)}
        </>
      )}
      {form.error !== null && (
        <Notice kind="error">
          <Sentence text={problemText(form.error)} />
        </Notice>
      )}
      {tested && <TestedAccount tested={tested} />}
      {!form.onlyByConsent && unagreed && <p className="dim">{t("accounts.consentNeeded")}</p>}
      {!form.onlyByConsent && (
        <FormFoot
          words={{ save: t("accounts.save"), test: t("accounts.test"), testing: t("accounts.testing") }}
          busy={busy}
          lacking={form.lacking}
          held={unagreed}
          second={offer !== null}
          onTest={() => void test()}
        />
      )}
    </form>
  );
}
