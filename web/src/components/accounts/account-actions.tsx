import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { goAndAgree } from "~/api/consent";
import { connectorsQuery } from "~/api/queries";
import { type Account, disconnectAccount, probeAccount } from "~/api/replies";
import { showToast } from "~/state/toasts";
import { Dialog, Question } from "../dialog";
import { Icon } from "../icon";
import { useProblemText } from "../use-problem-text";
import css from "./accounts.module.css";
import { EditAccount } from "./edit-account";

interface AccountActionsProps {
  account: Account;
  /** Something is wrong: new keys come first. */
  urgent: boolean;
}

/** Checks an account now, changes its name or keys, or disconnects it after asking. */
export function AccountActions({ account, urgent }: AccountActionsProps) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const [busy, setBusy] = useState<"probe" | "disconnect" | "consent" | null>(null);
  const [asking, setAsking] = useState<"edit" | "disconnect" | null>(null);
  const { name } = account;
  const offered = useQuery(connectorsQuery).data?.find((one) => one.name === account.connector)?.oauth?.reply ?? false;

  const agree = async () => {
    setBusy("consent");
    try {
      await goAndAgree({ account_id: account.id });
    } catch (error) {
      showToast({ kind: "error", text: problemText(error) });
      setBusy(null);
    }
  };

  const run = async (what: "probe" | "disconnect", action: () => Promise<Account>, done: string) => {
    setBusy(what);
    try {
      await action();
      showToast({ kind: "done", text: done });
    } catch (error) {
      showToast({ kind: "error", text: problemText(error) });
    }
    setAsking(null);
    setBusy(null);
    await cache.invalidateQueries({
      predicate: ({ queryKey }) => ["accounts", "reply-options", "replies"].includes(String(queryKey[0])),
    });
  };

  return (
    <div className={css.actions}>
      {offered && (account.access || urgent) && (
        <Button
          size="compact-sm"
          variant={urgent ? "filled" : "default"}
          loading={busy === "consent"}
          leftSection={<Icon name="external" size={14} />}
          onClick={() => void agree()}
        >
          {t("consent.again")}
        </Button>
      )}
      <Button
        size="compact-sm"
        variant={urgent && !offered ? "filled" : "default"}
        leftSection={<Icon name={urgent ? "key" : "edit"} size={14} />}
        onClick={() => setAsking("edit")}
      >
        {t(urgent ? "accounts.renew" : "accounts.edit")}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        loading={busy === "probe"}
        leftSection={<Icon name="retry" size={14} />}
        onClick={() => void run("probe", () => probeAccount(account.id), t("accounts.probed", { name }))}
      >
        {t("accounts.probe")}
      </Button>
      <Button
        size="compact-sm"
        variant="subtle"
        color="red"
        leftSection={<Icon name="close" size={14} />}
        onClick={() => setAsking("disconnect")}
      >
        {t("accounts.disconnect")}
      </Button>
      <Question
        grave
        opened={asking === "disconnect"}
        title={t("accounts.disconnectTitle", { name })}
        yes={t("accounts.disconnect")}
        busy={busy === "disconnect"}
        onYes={() => void run("disconnect", () => disconnectAccount(account.id), t("accounts.disconnected", { name }))}
        onNo={() => setAsking(null)}
      >
        <p>{t("accounts.disconnectText")}</p>
      </Question>
      <Dialog opened={asking === "edit"} onClose={() => setAsking(null)} title={t("accounts.editTitle", { name })}>
        <EditAccount account={account} onDone={() => setAsking(null)} />
      </Dialog>
    </div>
  );
}
