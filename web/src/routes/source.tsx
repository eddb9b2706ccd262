import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { connectorsQuery, sourceLedgerQuery, sourceQuery } from "~/api/queries";
import facts from "~/components/facts.module.css";
import { Icon } from "~/components/icon";
import { Loading } from "~/components/loading";
import { NetworkBadge } from "~/components/network-badge";
import { PageError } from "~/components/page-error";
import { AskedPanel } from "~/components/source/asked-panel";
import { DayStrip } from "~/components/source/day-strip";
import form from "~/components/source/form.module.css";
import { GapLine } from "~/components/source/gap-line";
import { Problem } from "~/components/source/problem";
import { PushGuide } from "~/components/source/push-guide";
import { Quarantine } from "~/components/source/quarantine";
import { Rejections } from "~/components/source/rejections";
import { SourceActions } from "~/components/source/source-actions";
import { SourceFacts } from "~/components/source/source-facts";
import css from "~/components/source/sources.module.css";
import { StateBadge } from "~/components/source/state-badge";
import { TallyBar } from "~/components/source/tally";
import { WebhookPanel } from "~/components/source/webhook-panel";
import { shownSettings } from "~/lib/shown-settings";

/** Everything known about one source. */
export function SourcePage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/frame/sources/$id" });
  const query = useQuery(sourceQuery(id));
  const ledger = useQuery(sourceLedgerQuery(id));
  const connectors = useQuery(connectorsQuery).data;
  const source = query.data;

  if (query.isError && !source) {
    const back = { to: "/sources", name: t("nav.sources") } as const;
    return <PageError page error={query.error} reset={() => void query.refetch()} back={back} />;
  }
  if (!source) return <Loading />;
  const connector = connectors?.find((one) => one.name === source.connector);

  return (
    <div className="page">
      <div className={form.narrow}>
        <Link to="/sources" className={form.up}>
          <Icon name="left" /> {t("nav.sources")}
        </Link>
        <div className="page-head" style={{ margin: 0 }}>
          <NetworkBadge network={source.connector} size={36} />
          <h1>{source.name}</h1>
          <StateBadge state={source.state} />
        </div>
        <div className={css.actions}>
          <SourceActions source={source} full />
        </div>
        <section className={`card ${css.card}`}>
          <Problem source={source} />
          <SourceFacts source={source} />
          <TallyBar tally={source.tally} large />
        </section>
        {ledger.isError && !ledger.data && <PageError error={ledger.error} reset={() => void ledger.refetch()} />}
        {ledger.data && (
          <>
            <section className={`card ${css.card}`}>
              <h2>{t("strip.title")}</h2>
              <DayStrip id={id} hours={ledger.data.hours} gaps={ledger.data.gaps} />
            </section>
            <GapLine gaps={ledger.data.gaps} />
            <Rejections rejections={ledger.data.rejections} total={ledger.data.total.rejected} />
            <Quarantine items={ledger.data.quarantine} />
          </>
        )}
        {connector?.mode === "push" && <PushGuide source={source} secret={null} />}
        {connector?.webhooks && <WebhookPanel source={source} connector={connector} />}
        {connector?.searches && (
          <AskedPanel
            id={source.id}
            askable={shownSettings(connector.settings, source.settings).some(({ key }) => key === "topics")}
          />
        )}
        {connector && connector.settings.length > 0 && (
          <section className={`card ${css.card}`}>
            <h2>{t("sources.settings")}</h2>
            <dl className={facts.facts}>
              {shownSettings(connector.settings, source.settings).map((setting) => (
                <div key={setting.key}>
                  <dt>{setting.label}</dt>
                  <dd style={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
                    {setting.kind === "secret"
                      ? t(source.secret_keys.includes(setting.key) ? "sources.secretSet" : "sources.secretUnset")
                      : shown(
                          source.settings[setting.key] ?? setting.default,
                          setting.choices,
                          t("common.yes"),
                          t("common.no"),
                        )}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        )}
      </div>
    </div>
  );
}

function shown(
  value: string | null | undefined,
  choices: { value: string; label: string }[] | null | undefined,
  yes: string,
  no: string,
): string {
  if (!value) return "—";
  if (value === "true") return yes;
  if (value === "false") return no;
  return choices?.find((choice) => choice.value === value)?.label ?? value;
}
