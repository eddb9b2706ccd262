import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { renewSourceWebhook } from "~/api/operations";
import { sourceWebhookQuery } from "~/api/queries";
import type { Connector, Source, SourceWebhook } from "~/api/types";
import { number } from "~/lib/format";
import { showToast } from "~/state/toasts";
import { Copyable } from "../copyable";
import { Question } from "../dialog";
import facts from "../facts.module.css";
import { Notice } from "../notice";
import { Time } from "../time";
import { useLocale } from "../use-locale";
import { useProblemText } from "../use-problem-text";
import css from "./form.module.css";

const WORDS = ["forged", "malformed", "wrong_address", "not_set_up", "too_large", "busy"] as const;
type Refusal = (typeof WORDS)[number];
const REFUSALS = new Set<string>(WORDS);

/** Where the network calls, what to paste there, and how its calls go. */
export function WebhookPanel({ source, connector }: { source: Source; connector: Connector }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const query = sourceWebhookQuery(source.id);
  const webhook = useQuery(query).data;
  const [secret, setSecret] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);

  if (!webhook?.wanted) return null;
  const secretLabel = connector.settings.find((setting) => setting.key === webhook.secret_setting)?.label;

  const renew = async () => {
    setBusy(true);
    try {
      const made = await renewSourceWebhook(source.id);
      setSecret(made.secret ?? null);
      cache.setQueryData(query.queryKey, made);
      showToast({ kind: "done", text: t("webhook.renewed") });
    } catch (error) {
      showToast({ kind: "error", text: problemText(error) });
    }
    setAsking(false);
    setBusy(false);
  };

  return (
    <section className={`card ${css.guide}`} aria-label={t("webhook.title")}>
      <h2>{t("webhook.title")}</h2>
      {webhook.guide && <p className="dim">{webhook.guide}</p>}
      {!webhook.address && <Notice kind="warning">{t("webhook.noAddress")}</Notice>}
      <h3>{t("webhook.address")}</h3>
      <Copyable text={webhook.address ?? location.origin + webhook.path} />
      {secret && (
        <>
          <h3>{secretLabel ?? t("webhook.secret")}</h3>
          <Notice kind="warning">{t("webhook.secretOnce")}</Notice>
          <Copyable text={secret} />
        </>
      )}
      <Calls webhook={webhook} />
      <div>
        <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
          {t("webhook.renew")}
        </Button>
      </div>
      <Question
        opened={asking}
        title={t("webhook.renew")}
        yes={t("webhook.renewYes")}
        busy={busy}
        onYes={() => void renew()}
        onNo={() => setAsking(false)}
      >
        <p>{t("webhook.renewAsk")}</p>
      </Question>
    </section>
  );
}

function Calls({ webhook }: { webhook: SourceWebhook }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <>
      <dl className={facts.facts}>
        <div>
          <dt>{t("webhook.lastCall")}</dt>
          <dd>{webhook.last_call_at ? <Time at={webhook.last_call_at} /> : t("webhook.never")}</dd>
        </div>
        <div>
          <dt>{t("webhook.taken")}</dt>
          <dd>{number(webhook.taken, locale)}</dd>
        </div>
        <div>
          <dt>{t("webhook.repeated")}</dt>
          <dd>{number(webhook.repeated, locale)}</dd>
        </div>
        <div>
          <dt>{t("webhook.refused")}</dt>
          <dd>{number(webhook.refused, locale)}</dd>
        </div>
        {webhook.waiting > 0 && (
          <div>
            <dt>{t("webhook.waiting")}</dt>
            <dd>{number(webhook.waiting, locale)}</dd>
          </div>
        )}
      </dl>
      {webhook.last_refused_at && webhook.last_refusal && (
        <Notice kind="warning">
          {t("webhook.lastRefused")} <Time at={webhook.last_refused_at} />:{" "}
          {REFUSALS.has(webhook.last_refusal)
            ? t(`webhook.refusal.${webhook.last_refusal as Refusal}`)
            : webhook.last_refusal}
        </Notice>
      )}
      <p className="dim">
        {t("webhook.since")} <Time at={webhook.counted_since} />
      </p>
    </>
  );
}
