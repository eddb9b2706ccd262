import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { connectorsQuery, sourceQuery } from "~/api/queries";
import { Icon } from "~/components/icon";
import { Loading } from "~/components/loading";
import { PageError } from "~/components/page-error";
import css from "~/components/source/form.module.css";
import { SourceForm } from "~/components/source/source-form";

export function EditSource() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/frame/sources/$id/edit" });
  const navigate = useNavigate();
  const source = useQuery(sourceQuery(id));
  const connectors = useQuery(connectorsQuery);
  const connector = connectors.data?.find((one) => one.name === source.data?.connector);
  const failed = source.error ?? connectors.error;

  if (failed && !(source.data && connector)) {
    return <PageError page error={failed} back={{ to: "/sources", name: t("nav.sources") }} />;
  }
  if (!source.data || !connector) return <Loading />;
  return (
    <div className="page">
      <div className={css.narrow}>
        <Link to="/sources/$id" params={{ id }} className={css.up}>
          <Icon name="left" /> {source.data.name}
        </Link>
        <h1>{connector.title}</h1>
        <p className="dim">{connector.summary}</p>
        <SourceForm
          connector={connector}
          source={source.data}
          onSaved={() => void navigate({ to: "/sources/$id", params: { id } })}
        />
      </div>
    </div>
  );
}
