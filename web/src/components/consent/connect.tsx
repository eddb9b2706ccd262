import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type ConsentOffer, consentClientsQuery } from "~/api/consent";
import { Icon } from "../icon";
import { Notice } from "../notice";
import css from "../source/form.module.css";

interface ConnectProps {
  /** What the network is called. */
  title: string;
  connector: string;
  offer: ConsentOffer;
  /** What is to be done before the button leads on. */
  wants: string | null;
  disabled: boolean;
  busy: boolean;
  onGo: () => void;
}

/** The button that leads to the network's own page, or what has to be done before it can. */
export function Connect({ title, connector, offer, wants, disabled, busy, onGo }: ConnectProps) {
  const { t } = useTranslation();
  const clients = useQuery({ ...consentClientsQuery, enabled: offer.client === "owner" }).data;
  const unregistered = offer.client === "owner" && clients && !clients.items.some((one) => one.connector === connector);
  if (unregistered) {
    return (
      <Notice kind="info">
        <p>{t("consent.unregistered", { network: title })}</p>
        <p>
          <Link to="/settings/accounts" hash="networks">
            {t("consent.register", { network: title })}
          </Link>
        </p>
      </Notice>
    );
  }
  return (
    <div className={css.connect}>
      <Button
        disabled={disabled || wants !== null}
        loading={busy}
        leftSection={<Icon name="external" size={14} />}
        onClick={onGo}
      >
        {t("consent.connect", { network: title })}
      </Button>
      {wants && <p>{wants}</p>}
      <p className="dim">{t("consent.hint")}</p>
    </div>
  );
}
