import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { accountsQuery } from "~/api/replies";
import { AccountCard } from "~/components/accounts/account-card";
import { ConsentClients } from "~/components/consent/clients";
import { Empty } from "~/components/empty";
import { Icon } from "~/components/icon";
import { Loading } from "~/components/loading";
import { Notice } from "~/components/notice";
import { PageError } from "~/components/page-error";
import form from "~/components/source/form.module.css";

/** The accounts that mentions are answered from, and how they are. */
export function AccountsPage() {
  const { t } = useTranslation();
  const { connected } = useSearch({ from: "/frame/settings/accounts" });
  const query = useQuery(accountsQuery);
  const accounts = query.data ?? [];
  const current = accounts.filter(({ state }) => state !== "disconnected");
  const former = accounts.filter(({ state }) => state === "disconnected");
  const fresh = accounts.find(({ id, state }) => id === connected && state === "connected");
  return (
    <div className="page">
      <div className={form.narrow}>
        <Link to="/settings" className={form.up}>
          <Icon name="left" /> {t("nav.settings")}
        </Link>
        <div className="page-head" style={{ margin: 0 }}>
          <h1>{t("accounts.title")}</h1>
          {current.length > 0 && (
            <Button component={Link} to="/settings/accounts/add" leftSection={<Icon name="plus" />}>
              {t("accounts.add")}
            </Button>
          )}
        </div>
        <p className="dim">{t("accounts.lead")}</p>
        {fresh && <Notice kind="good">{t("accounts.connected", { name: fresh.name })}</Notice>}
        {query.isPending && <Loading />}
        {query.isError && !query.data && <PageError error={query.error} reset={() => void query.refetch()} />}
        {query.data && current.length === 0 && (
          <Empty icon="key" title={t("accounts.none")} text={t("accounts.noneHint")}>
            <Button component={Link} to="/settings/accounts/add" leftSection={<Icon name="plus" />}>
              {t("accounts.add")}
            </Button>
          </Empty>
        )}
        {current.map((account) => (
          <AccountCard key={account.id} account={account} />
        ))}
        <ConsentClients />
        {former.length > 0 && <h2>{t("accounts.former")}</h2>}
        {former.map((account) => (
          <AccountCard key={account.id} account={account} />
        ))}
      </div>
    </div>
  );
}
