import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { connectorsQuery } from "~/api/queries";
import type { Source } from "~/api/types";
import { Icon } from "~/components/icon";
import { Loading } from "~/components/loading";
import { PageError } from "~/components/page-error";
import { ConnectorCard } from "~/components/source/connector-card";
import css from "~/components/source/form.module.css";
import { PushGuide } from "~/components/source/push-guide";
import { SourceForm } from "~/components/source/source-form";

/** The gallery of networks, then the form of the chosen one. */
export function AddSource() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { connector: chosen } = useSearch({ from: "/frame/sources/add" });
  const connectors = useQuery(connectorsQuery);
  const [created, setCreated] = useState<Source | null>(null);
  const connector = connectors.data?.find((one) => one.name === chosen);

  const saved = (source: Source) => {
    if (source.push_secret) setCreated(source);
    // Where the network calls stands on the page of the source.
    else if (connector?.webhooks) void navigate({ to: "/sources/$id", params: { id: source.id } });
    else void navigate({ to: "/sources" });
  };

  return (
    <div className="page">
      <div className={css.narrow}>
        <Link to={connector ? "/sources/add" : "/sources"} search={{}} className={css.up}>
          <Icon name="left" /> {connector ? t("sources.add") : t("nav.sources")}
        </Link>
        {connectors.isPending && <Loading />}
        {connectors.isError && <PageError error={connectors.error} reset={() => void connectors.refetch()} />}
        {created && (
          <>
            <h1>{created.name}</h1>
            <PushGuide source={created} secret={created.push_secret ?? null} />
          </>
        )}
        {!created && connector && (
          <>
            <h1>{connector.title}</h1>
            <p className="dim">{connector.summary}</p>
            <SourceForm key={connector.name} connector={connector} source={null} onSaved={saved} />
          </>
        )}
        {!created && !connector && connectors.data && (
          <>
            <h1>{t("sources.add")}</h1>
            <p className="dim">{t("gallery.lead")}</p>
            <ul className={css.gallery}>
              {connectors.data
                .filter((one) => one.add_by_hand)
                .map((one) => (
                  <ConnectorCard key={one.name} connector={one} />
                ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}
