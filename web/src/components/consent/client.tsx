import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { consentClientsQuery, forgetConsentClient, setConsentClient } from "~/api/consent";
import { showToast } from "~/state/toasts";
import { Copyable } from "../copyable";
import { Icon } from "../icon";
import { NetworkBadge } from "../network-badge";
import { Notice } from "../notice";
import { Sentence } from "../sentence";
import form from "../source/form.module.css";
import { useProblemText } from "../use-problem-text";

/** With whom an owner registers Molva. */
export interface Place {
  connector: string;
  /** Empty where the network is one, null for one that is to be named. */
  server: string | null;
  title: string;
  console: string | null;
  steps: string | null;
  needsSecret: boolean;
  /** Where it is another one than for all. */
  redirect: string | null;
  known: { client_id: string; secret_set: boolean } | null;
}

/** What Molva is registered as in one place. */
export function Client({ place }: { place: Place }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const { connector, title, known } = place;
  const [server, setServer] = useState("");
  const [id, setId] = useState(known?.client_id ?? "");
  const [secret, setSecret] = useState("");
  const [busy, setBusy] = useState<"save" | "forget" | null>(null);
  const [error, setError] = useState<unknown>(null);
  const host = place.server ?? server.trim();
  const unnamed = place.server === null && host === "";

  const run = async (what: "save" | "forget", action: () => Promise<unknown>) => {
    setBusy(what);
    setError(null);
    try {
      await action();
      if (what === "forget" || place.server === null) setId("");
      setServer("");
      setSecret("");
      showToast({ kind: "done", text: t(what === "save" ? "consent.kept" : "consent.forgotten", { network: title }) });
      await cache.invalidateQueries({ queryKey: consentClientsQuery.queryKey });
    } catch (failure) {
      setError(failure);
    }
    setBusy(null);
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    const draft = { server: host, client_id: id.trim(), client_secret: secret };
    void run("save", () => setConsentClient(connector, draft));
  };

  return (
    <form
      className={`card ${form.form}`}
      onSubmit={save}
      aria-label={title}
      data-client={place.server === "" ? connector : `${connector} ${place.server ?? ""}`.trim()}
    >
      <div className={form.connectorHead}>
        <NetworkBadge network={connector} size={24} />
        <h3>{title}</h3>
      </div>
      {place.steps && <p>{place.steps}</p>}
      {place.console && (
        <p>
          <a href={place.console} target="_blank" rel="noopener noreferrer">
            {new URL(place.console).host} <Icon name="external" size={12} />
          </a>
        </p>
      )}
      {place.redirect && (
        <div>
          <p>{t("consent.redirectHere")}</p>
          <Copyable text={place.redirect} />
        </div>
      )}
      {place.server === null && (
        <TextInput
          label={t("consent.server")}
          description={t("consent.serverHint")}
          placeholder="id.example.org"
          required
          maxLength={250}
          autoComplete="off"
          value={server}
          onChange={(event) => setServer(event.currentTarget.value)}
        />
      )}
      <TextInput
        label={t("consent.clientId")}
        required
        maxLength={500}
        autoComplete="off"
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <PasswordInput
        label={t("consent.clientSecret")}
        description={place.needsSecret ? undefined : t("consent.secretOptional")}
        required={place.needsSecret && !known?.secret_set}
        autoComplete="new-password"
        placeholder={known?.secret_set ? t("sources.secretKept") : undefined}
        visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
        value={secret}
        onChange={(event) => setSecret(event.currentTarget.value)}
      />
      {error !== null && (
        <Notice kind="error">
          <Sentence text={problemText(error)} />
        </Notice>
      )}
      <div className={form.foot}>
        <Button type="submit" loading={busy === "save"} disabled={id.trim() === "" || unnamed || busy !== null}>
          {t("common.save")}
        </Button>
        {known && (
          <Button
            variant="subtle"
            color="red"
            loading={busy === "forget"}
            disabled={busy !== null}
            onClick={() => void run("forget", () => forgetConsentClient(connector, host))}
          >
            {t("consent.forget")}
          </Button>
        )}
      </div>
    </form>
  );
}
