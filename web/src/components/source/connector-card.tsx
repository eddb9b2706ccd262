import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Connector } from "~/api/types";
import { Icon, type IconName } from "../icon";
import { NetworkBadge } from "../network-badge";
import css from "./form.module.css";

const MODE_ICONS: Record<Connector["mode"], IconName> = { poll: "clock", stream: "bolt", push: "inbox", file: "file" };
const CAPABILITIES = ["keyword_listen", "account_listen", "backfill", "delete_events", "metrics"] as const;

/** A network in the gallery: what it brings and what it can do. */
export function ConnectorCard({ connector }: { connector: Connector }) {
  const { t } = useTranslation();
  const able = CAPABILITIES.filter((key) => connector.capabilities[key]);
  return (
    <li className={`card ${css.connector}`}>
      <div className={css.connectorHead}>
        <NetworkBadge network={connector.name} size={32} />
        <h2>
          <Link to="/sources/add" search={{ connector: connector.name }}>
            {connector.title}
          </Link>
        </h2>
        <span className={css.mode}>
          <Icon name={MODE_ICONS[connector.mode]} size={14} /> {t(`mode.${connector.mode}`)}
        </span>
      </div>
      <p>{connector.summary}</p>
      {able.length > 0 && (
        <ul className={css.able} aria-label={t("gallery.can")}>
          {able.map((key) => (
            <li key={key}>
              <Icon name="check" size={13} /> {t(`capability.${key}`)}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
