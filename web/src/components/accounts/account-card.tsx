import { Switch } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { connectorsQuery } from "~/api/queries";
import { type Account, updateAccount } from "~/api/replies";
import { day, number } from "~/lib/format";
import { ACCOUNT_LOOKS, type AccountHealth, healthOf } from "~/lib/replies/states";
import { safeLink } from "~/lib/safe-link";
import { showToast } from "~/state/toasts";
import { Badge } from "../badge";
import shown from "../facts.module.css";
import { Icon } from "../icon";
import { NetworkBadge } from "../network-badge";
import { Notice } from "../notice";
import { Sentence } from "../sentence";
import { Time } from "../time";
import { useLocale } from "../use-locale";
import { useProblemText } from "../use-problem-text";
import { AccountActions } from "./account-actions";
import css from "./accounts.module.css";

/** One account: whose it is, how it is, what it may, and what can be done with it. */
export function AccountCard({ account }: { account: Account }) {
  const { t } = useTranslation();
  const connectors = useQuery(connectorsQuery).data;
  const { facts } = account;
  const health = healthOf(account);
  const profile = safeLink(facts?.url);
  const network = connectors?.find(({ name }) => name === account.connector)?.title ?? account.connector;
  return (
    <article className={`card ${css.account}`} data-account={account.id} aria-label={account.name}>
      <div className={css.accountHead}>
        <NetworkBadge network={account.connector} size={32} />
        <div>
          <h2>{account.name}</h2>
          <p>
            {network}
            {facts?.handle && ` · @${facts.handle}`}
            {profile && (
              <>
                {" · "}
                <a href={profile} target="_blank" rel="noopener noreferrer nofollow">
                  {t("accounts.profile")}
                  <Icon name="external" size={12} />
                </a>
              </>
            )}
          </p>
        </div>
        <Health health={health} />
      </div>
      <Word account={account} health={health} />
      {account.state !== "disconnected" && (
        <>
          <Facts account={account} />
          <TwoPersons account={account} />
          <AccountActions account={account} urgent={health !== "connected"} />
        </>
      )}
    </article>
  );
}

function Health({ health }: { health: AccountHealth }) {
  const { t } = useTranslation();
  return (
    <Badge look={ACCOUNT_LOOKS[health]} data-health={health}>
      {t(`accounts.health.${health}`)}
    </Badge>
  );
}

/** What is wrong and what to do; nothing of an account that is well. */
function Word({ account, health }: { account: Account; health: AccountHealth }) {
  const { t } = useTranslation();
  const { problem, facts } = account;
  if (health === "connected" && !problem) return null;
  const said = problem?.message ?? (health === "limited" ? facts?.missing : undefined);
  const advice =
    problem?.advice ?? (health === "connected" || health === "limited" ? "" : t(`accounts.advice.${health}`));
  if (health === "disconnected") return <p className="dim">{advice}</p>;
  return (
    <Notice kind={ACCOUNT_LOOKS[health].colour === "bad" ? "error" : "warning"}>
      {said && (
        <p>
          <Sentence text={said} />
        </p>
      )}
      {advice && (
        <p>
          <Sentence text={advice} />
        </p>
      )}
    </Notice>
  );
}

function Facts({ account }: { account: Account }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { holder, facts, checked_at: checked } = account;
  const ends = account.access ? account.access.ends_at : facts?.expires_at;
  return (
    <dl className={shown.facts}>
      <div>
        <dt>{t("accounts.whoseShort")}</dt>
        <dd>
          {holder.kind === "company"
            ? t("accounts.ofCompany")
            : t("accounts.ofEmployee", { name: holder.user?.name ?? "" })}
          {holder.kind === "employee" && holder.consent_at && (
            <span className="dim"> · {t("accounts.consentSince", { when: day(holder.consent_at, locale) })}</span>
          )}
        </dd>
      </div>
      {account.access && (
        <div>
          <dt>{t("consent.access")}</dt>
          <dd>{t(account.access.renews ? "consent.renews" : "consent.doesNotRenew")}</dd>
        </div>
      )}
      {ends && (
        <div>
          <dt>{t(account.access ? "consent.until" : "accounts.expires")}</dt>
          <dd>
            {day(ends, locale)} (<Time at={ends} />)
          </dd>
        </div>
      )}
      {facts && (
        <div>
          <dt>{t("accounts.limit")}</dt>
          <dd>{t("accounts.length", { count: facts.rule.length.limit })}</dd>
        </div>
      )}
      {facts?.quota && (
        <div>
          <dt>{t("accounts.quota")}</dt>
          <dd>
            {t("accounts.quotaOf", {
              remaining: number(facts.quota.remaining, locale),
              limit: number(facts.quota.limit, locale),
            })}
          </dd>
        </div>
      )}
      {facts && facts.scopes.length > 0 && (
        <div>
          <dt>{t("accounts.rights")}</dt>
          <dd>{facts.scopes.join(", ")}</dd>
        </div>
      )}
      <div>
        <dt>{checked ? t("accounts.checked") : t("accounts.neverChecked")}</dt>
        <dd>{checked ? <Time at={checked} /> : "—"}</dd>
      </div>
    </dl>
  );
}

/** The switch of the two-person rule; switching it can be taken back. */
function TwoPersons({ account }: { account: Account }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const turn = async (on: boolean, undoable: boolean) => {
    setBusy(true);
    try {
      const { name } = await updateAccount(account.id, { needs_approval: on });
      showToast({
        kind: "done",
        text: t(on ? "accounts.approvalOn" : "accounts.approvalOff", { name }),
        undo: undoable ? () => void turn(!on, false) : undefined,
      });
    } catch (error) {
      showToast({ kind: "error", text: problemText(error) });
    }
    await cache.invalidateQueries({ queryKey: ["accounts"] });
    setBusy(false);
  };
  return (
    <Switch
      label={t("accounts.approval")}
      description={t("accounts.approvalHint")}
      checked={account.needs_approval}
      disabled={busy}
      onChange={(event) => void turn(event.currentTarget.checked, true)}
    />
  );
}
