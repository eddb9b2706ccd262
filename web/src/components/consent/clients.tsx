import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ConsentOffer, consentClientsQuery, forgetConsentClient, setConsentClient } from "~/api/consent";
import { connectorsQuery, sessionQuery } from "~/api/queries";
import type { Connector } from "~/api/types";
import { showToast } from "~/state/toasts";
import { Copyable } from "../copyable";
import { Icon } from "../icon";
import { NetworkBadge } from "../network-badge";
import { Notice } from "../notice";
import { Sentence } from "../sentence";
import form from "../source/form.module.css";
import { useProblemText } from "../use-problem-text";

type Offering = Connector & { oauth: ConsentOffer };

/** Where an owner tells Molva what it is registered as with networks that want that by hand. */
export function ConsentClients() {
  const { t } = useTranslation();
  const role = useQuery(sessionQuery).data?.user.role;
  const connectors = useQuery(connectorsQuery).data ?? [];
  const clients = useQuery(consentClientsQuery).data;
  const able = connectors.filter((one): one is Offering => one.oauth?.client === "owner");
  if (able.length === 0 || !clients || !["owner", "admin"].includes(role ?? "")) return null;
  return (
    <section aria-labelledby="networks" className={form.guide} style={{ padding: 0 }}>
      <h2 id="networks">{t("consent.networks")}</h2>
      <p className="dim">{t("consent.networksLead")}</p>
      {clients.redirect_address ? (
        <div>
          <p>{t("consent.redirect")}</p>
          <Copyable text={clients.redirect_address} />
        </div>
      ) : (
        <Notice kind="warning">
          <Sentence text={t("consent.noAddress")} />
        </Notice>
      )}
      {able.map((one) => (
        <Client
          key={one.name}
          connector={one}
          known={clients.items.find(({ connector }) => connector === one.name) ?? null}
        />
      ))}
    </section>
  );
}

interface ClientProps {
  connector: Offering;
  known: { client_id: string; secret_set: boolean } | null;
}

function Client({ connector, known }: ClientProps) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const [id, setId] = useState(known?.client_id ?? "");
  const [secret, setSecret] = useState("");
  const [busy, setBusy] = useState<"save" | "forget" | null>(null);
  const [error, setError] = useState<unknown>(null);
  const { oauth, name, title } = connector;

  const run = async (what: "save" | "forget", action: () => Promise<unknown>) => {
    setBusy(what);
    setError(null);
    try {
      await action();
      if (what === "forget") setId("");
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
    void run("save", () => setConsentClient(name, { client_id: id.trim(), client_secret: secret }));
  };

  return (
    <form className={`card ${form.form}`} onSubmit={save} aria-label={title} data-client={name}>
      <div className={form.connectorHead}>
        <NetworkBadge network={name} size={24} />
        <h3>{title}</h3>
      </div>
      <p>{oauth.steps}</p>
      {oauth.console && (
        <p>
          <a href={oauth.console} target="_blank" rel="noopener noreferrer">
            {new URL(oauth.console).host} <Icon name="external" size={12} />
          </a>
        </p>
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
        description={oauth.needs_secret ? undefined : t("consent.secretOptional")}
        required={oauth.needs_secret && !known?.secret_set}
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
        <Button type="submit" loading={busy === "save"} disabled={id.trim() === "" || busy !== null}>
          {t("common.save")}
        </Button>
        {known && (
          <Button
            variant="subtle"
            color="red"
            loading={busy === "forget"}
            disabled={busy !== null}
            onClick={() => void run("forget", () => forgetConsentClient(name))}
          >
            {t("consent.forget")}
          </Button>
        )}
      </div>
    </form>
  );
}
