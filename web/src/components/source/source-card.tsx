import { useIntersection } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { sourceLedgerQuery } from "~/api/queries";
import type { Connector, Source } from "~/api/types";
import { networkMark } from "~/lib/networks";
import { NetworkBadge } from "../network-badge";
import { DayStrip } from "./day-strip";
import { Problem } from "./problem";
import { SourceActions } from "./source-actions";
import { SourceFacts } from "./source-facts";
import css from "./sources.module.css";
import { StateBadge } from "./state-badge";
import { TallyBar } from "./tally";

/** One source at a glance: is it alive, how far behind, where its items ended. */
export function SourceCard({ source, connector }: { source: Source; connector: Connector | undefined }) {
  const { t } = useTranslation();
  const { ref, entry } = useIntersection({ rootMargin: "200px" });
  const ledger = useQuery({ ...sourceLedgerQuery(source.id), enabled: entry?.isIntersecting ?? false });
  return (
    <article ref={ref} className={`card ${css.card}`} aria-label={source.name}>
      <div className={css.head}>
        <NetworkBadge network={source.connector} size={32} />
        <div className={css.title}>
          <Link to="/sources/$id" params={{ id: source.id }}>
            {source.name}
          </Link>
          <span>{connector?.title ?? networkMark(source.connector).title}</span>
        </div>
        <StateBadge state={source.state} />
      </div>
      <Problem source={source} />
      <SourceFacts source={source} />
      {ledger.data ? (
        <DayStrip id={source.id} hours={ledger.data.hours} gaps={ledger.data.gaps} />
      ) : (
        <div style={{ height: 52 }} aria-hidden />
      )}
      <TallyBar tally={source.tally} />
      <div className={css.actions}>
        <SourceActions source={source} />
        <Link to="/sources/$id" params={{ id: source.id }} style={{ marginLeft: "auto", fontSize: 13 }}>
          {t("sources.details")}
        </Link>
      </div>
    </article>
  );
}
