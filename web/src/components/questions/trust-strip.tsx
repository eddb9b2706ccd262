import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { trustQuery } from "~/api/questions";
import { FEWEST_LABELS } from "~/lib/estimate";
import { decimal, duration, exact, number, percent } from "~/lib/format";
import type { Trust } from "~/lib/questions/shapes";
import type { Selection } from "~/lib/selection";
import { Dialog } from "../dialog";
import { Icon, type IconName } from "../icon";
import { NetworkBadge } from "../network-badge";
import { Sentence } from "../sentence";
import { useLocale, useNow } from "../use-locale";
import { useQuestions } from "./context";
import { Drill } from "./drill";
import css from "./trust.module.css";

const SIGNS: Record<Trust["score"], IconName> = { good: "finished", some: "warning", poor: "stop" };
const MOST = 30;

/** How far the figures above can be trusted: a sign, a word and the reasons in figures; pressed, all there is to know. */
export function TrustStrip({ selection }: { selection?: Selection }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const page = useQuestions();
  const [opened, setOpened] = useState(false);
  const query = useQuery(trustQuery(selection ?? page.selection));
  const trust = query.data;

  if (query.isError && !trust) {
    return (
      <div className={css.strip}>
        <Icon name="warning" size={14} />
        <span>{t("questions.trust.failed")}</span>
        <button type="button" className={`bare ${css.retry}`} onClick={() => void query.refetch()}>
          {t("common.retry")}
        </button>
      </div>
    );
  }
  if (!trust) return <div className={css.strip} aria-hidden />;

  const { sources, audited } = trust;
  const facts = [
    t("questions.trust.delivering", { count: sources.expected, delivering: sources.delivering }),
    trust.gap_share
      ? t("questions.trust.missing", { share: share(trust.gap_share, locale) })
      : t("questions.trust.noGaps"),
    trust.duplicates.share !== null &&
      t("questions.trust.duplicates", { share: share(trust.duplicates.share, locale) }),
    trust.judged_by_people.share !== null &&
      t("questions.trust.judged", { share: share(trust.judged_by_people.share, locale) }),
    audited.mentions > 0
      ? t("questions.trust.audited", { count: audited.mentions })
      : t("questions.trust.nobodyLabelled"),
  ].filter((fact): fact is string => Boolean(fact));

  return (
    <div className={css.row}>
      <button type="button" className={`bare ${css.strip}`} data-score={trust.score} onClick={() => setOpened(true)}>
        <span className={css.score}>
          <Icon name={SIGNS[trust.score]} size={14} />
          {t(`questions.trust.${trust.score}`)}
        </span>
        {facts.map((fact) => (
          <span key={fact} className={css.fact}>
            {fact}
          </span>
        ))}
        <Icon name="right" size={12} className={css.more} />
      </button>
      {audited.mentions < FEWEST_LABELS && (
        <Link to="/labelling" className={css.label}>
          {t("questions.trust.label")}
        </Link>
      )}
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t("questions.trust.title")} size={680}>
        {opened && <Details trust={trust} />}
      </Dialog>
    </div>
  );
}

/** A share that is not nothing never reads as nothing. */
function share(value: number, locale: string): string {
  return value > 0 && value < 0.001 ? `< ${percent(0.001, locale)}` : percent(value, locale);
}

function Details({ trust }: { trust: Trust }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const { audited } = trust;
  const whole = (value: number | null) => (value === null ? "—" : share(value, locale));
  const facts: [string, string, string][] = [
    ["coverage", `${trust.sources.delivering} / ${trust.sources.expected}`, t("questions.trust.coverageHint")],
    ["gapShare", whole(trust.gap_share), t("questions.trust.gapShareHint")],
    ["copies", whole(trust.duplicates.share), number(trust.duplicates.mentions, locale)],
    ["people", whole(trust.judged_by_people.share), number(trust.judged_by_people.mentions, locale)],
    [
      "audited",
      number(audited.mentions, locale),
      audited.agreement === null
        ? t("questions.trust.oneByOne", { count: audited.people })
        : t("questions.trust.agreement", { count: audited.people, kappa: decimal(audited.agreement, locale, 2) }),
    ],
    ["binned", number(trust.binned, locale), ""],
    ["spam", number(trust.spam, locale), ""],
  ];
  return (
    <div className={css.details}>
      {trust.reasons.length > 0 && (
        <ul className={css.reasons} data-score={trust.score}>
          {trust.reasons.map((reason) => (
            <li key={reason}>
              <Icon name={SIGNS[trust.score]} size={14} />
              <span>
                <Sentence text={reason} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <dl className={css.facts}>
        {facts.map(([name, value, hint]) => (
          <div key={name}>
            <dt>{t(`questions.trust.facts.${name}` as "questions.trust.facts.coverage")}</dt>
            <dd>{value}</dd>
            {hint && <dd className="dim">{hint}</dd>}
          </div>
        ))}
      </dl>
      <p className={css.shown}>
        <Drill part={{ include: ["binned", "copies", "spam"] }}>{t("questions.trust.seeAll")}</Drill>
      </p>
      <h3>{t("questions.trust.sources")}</h3>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t("questions.trust.source")}</th>
            <th scope="col">{t("questions.trust.state")}</th>
            <th scope="col">{t("questions.trust.away")}</th>
          </tr>
        </thead>
        <tbody>
          {trust.sources.list.slice(0, MOST).map((source) => (
            <tr key={source.source_id}>
              <th scope="row">
                <NetworkBadge network={source.network} size={18} /> {source.name}
              </th>
              <td data-good={source.delivering}>
                <Icon name={source.delivering ? "check" : "warning"} size={13} />{" "}
                {t(source.delivering ? "questions.trust.yes" : "questions.trust.no")}
              </td>
              <td>{source.gap_seconds > 0 ? duration(source.gap_seconds, locale) : "—"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {trust.gaps.length > 0 && (
        <>
          <h3>{t("gaps.title")}</h3>
          <ul className={css.list}>
            {trust.gaps.slice(0, MOST).map((gap) => (
              <li key={`${gap.source_id} ${gap.from}`}>
                <strong>{gap.source}</strong>
                <span>{t(`gapCause.${gap.cause}` as "gapCause.failing")}</span>
                <span className="dim">
                  {exact(gap.from, locale)} — {gap.to ? exact(gap.to, locale) : t("gaps.open")} ·{" "}
                  {duration(((gap.to ? Date.parse(gap.to) : now) - Date.parse(gap.from)) / 1000, locale)}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {trust.quota_cuts.length > 0 && (
        <>
          <h3>{t("questions.trust.quota")}</h3>
          <ul className={css.list}>
            {trust.quota_cuts.slice(0, MOST).map((cut) => (
              <li key={`${cut.source_id} ${cut.at}`}>
                <strong>{cut.name}</strong>
                <span className="dim">{exact(cut.at, locale)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
