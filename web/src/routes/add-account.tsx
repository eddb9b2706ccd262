import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { connectorsQuery } from "~/api/queries";
import { replySettings } from "~/api/replies";
import { AccountForm } from "~/components/accounts/account-form";
import { Empty } from "~/components/empty";
import { Icon } from "~/components/icon";
import { Loading } from "~/components/loading";
import { NetworkBadge } from "~/components/network-badge";
import { PageError } from "~/components/page-error";
import css from "~/components/source/form.module.css";

/** The networks that can be answered, then the form of the chosen one. */
export function AddAccount() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { connector: chosen } = useSearch({ from: "/frame/settings/accounts/add" });
  const connectors = useQuery(connectorsQuery);
  const able = connectors.data?.filter((one) => replySettings(one) !== null) ?? [];
  const connector = able.find((one) => one.name === chosen);

  return (
    <div className="page">
      <div className={css.narrow}>
        <Link to={connector ? "/settings/accounts/add" : "/settings/accounts"} search={{}} className={css.up}>
          <Icon name="left" /> {connector ? t("accounts.add") : t("nav.accounts")}
        </Link>
        {connectors.isPending && <Loading />}
        {connectors.isError && <PageError error={connectors.error} reset={() => void connectors.refetch()} />}
        {connector && (
          <>
            <h1>{connector.title}</h1>
            <AccountForm
              key={connector.name}
              connector={connector}
              settings={replySettings(connector) ?? []}
              onSaved={() => void navigate({ to: "/settings/accounts" })}
            />
          </>
        )}
        {!connector && connectors.data && (
          <>
            <h1>{t("accounts.choose")}</h1>
            <p className="dim">{t("accounts.lead")}</p>
            {able.length === 0 && (
              <Empty icon="key" title={t("accounts.noNetworks")} text={t("accounts.noNetworksHint")} />
            )}
            <ul className={css.gallery}>
              {able.map((one) => (
                <li key={one.name} className={`card ${css.connector}`}>
                  <div className={css.connectorHead}>
                    <NetworkBadge network={one.name} size={32} />
                    <h2>
                      <Link to="/settings/accounts/add" search={{ connector: one.name }}>
                        {one.title}
                      </Link>
                    </h2>
                  </div>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}
