import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { connectorsQuery, ledgerQuery, sourcesQuery } from "~/api/queries";
import { Empty } from "~/components/empty";
import { Icon } from "~/components/icon";
import { Loading } from "~/components/loading";
import { PageError } from "~/components/page-error";
import { KeptStream } from "~/components/source/kept-stream";
import { SourceCard } from "~/components/source/source-card";
import css from "~/components/source/sources.module.css";
import { TallyBar } from "~/components/source/tally";
import { byUrgency } from "~/lib/source-state";

/** Where mentions come from, whether each source is alive, and where every item ended. */
export function Sources() {
  const { t } = useTranslation();
  const sources = useQuery(sourcesQuery);
  const ledger = useQuery(ledgerQuery);
  const connectors = useQuery(connectorsQuery).data;

  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.sources")}</h1>
        <Button component={Link} to="/sources/add" leftSection={<Icon name="plus" />}>
          {t("sources.add")}
        </Button>
      </div>
      {ledger.data && (
        <section className={`card ${css.ledger}`} aria-label={t("ledger.title")}>
          <div className={css.ledgerHead}>
            <h2>{t("ledger.title")}</h2>
            <span className={css.balance} data-good={ledger.data.balances}>
              <Icon name={ledger.data.balances ? "check" : "warning"} size={14} />
              {t(ledger.data.balances ? "ledger.balances" : "ledger.differs")}
            </span>
          </div>
          <TallyBar tally={ledger.data.total} large />
          <KeptStream kept={ledger.data.kept} />
        </section>
      )}
      {ledger.isError && !ledger.data && <PageError error={ledger.error} reset={() => void ledger.refetch()} />}
      {sources.isPending && <Loading />}
      {sources.isError && !sources.data && <PageError error={sources.error} reset={() => void sources.refetch()} />}
      {sources.data?.length === 0 && (
        <div className="card">
          <Empty icon="sources" title={t("sources.none")} text={t("sources.noneHint")}>
            <Button component={Link} to="/sources/add">
              {t("sources.add")}
            </Button>
          </Empty>
        </div>
      )}
      <ul className={css.cards}>
        {byUrgency(sources.data ?? []).map((source) => (
          <li key={source.id}>
            <SourceCard source={source} connector={connectors?.find((one) => one.name === source.connector)} />
          </li>
        ))}
      </ul>
    </div>
  );
}
