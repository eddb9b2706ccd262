import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Progress, rebuildArchive } from "~/api/archive";
import { archiveQuery } from "~/api/queries";
import { duration, number } from "~/lib/format";
import { showToast } from "~/state/toasts";
import { Question } from "../dialog";
import { Icon } from "../icon";
import { Loading } from "../loading";
import { Notice } from "../notice";
import { PageError } from "../page-error";
import { useLocale } from "../use-locale";
import { useProblemText } from "../use-problem-text";
import css from "./settings.module.css";

/** How the archive is: what it holds, how far it lies behind, what is damaged; and a way to build it anew. */
export function ArchiveCard() {
  const { t } = useTranslation();
  const locale = useLocale();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const query = useQuery(archiveQuery);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const status = query.data;

  const rebuild = async () => {
    setBusy(true);
    try {
      await rebuildArchive();
      showToast({ kind: "done", text: t("archive.rebuildStarted") });
      await cache.invalidateQueries({ queryKey: archiveQuery.queryKey });
    } catch (error) {
      showToast({ kind: "error", text: problemText(error) });
    }
    setBusy(false);
    setAsking(false);
  };

  return (
    <section className={`card ${css.card}`}>
      <h2>{t("archive.title")}</h2>
      <p className={css.about}>{t("archive.lead")}</p>
      {query.isPending && <Loading />}
      {query.isError && !status && <PageError error={query.error} reset={() => void query.refetch()} />}
      {status && (
        <>
          <div className={css.row}>
            <span>
              <strong>{number(status.mentions, locale)}</strong> {t("archive.mentions", { count: status.mentions })}
              <span className={css.hint}>
                {status.events_behind === 0
                  ? t("archive.upToDate")
                  : t("archive.behind", {
                      count: status.events_behind,
                      lag: status.lag_seconds === null ? "—" : duration(status.lag_seconds, locale),
                    })}
              </span>
            </span>
            {!status.rebuilding && (
              <Button variant="default" leftSection={<Icon name="retry" />} onClick={() => setAsking(true)}>
                {t("archive.rebuild")}
              </Button>
            )}
          </div>
          {status.filling && <Bar label={t("archive.filling")} progress={status.filling} />}
          {status.rebuilding && <Bar label={t("archive.rebuilding")} progress={status.rebuilding} />}
          {status.damaged.length > 0 && (
            <Notice kind="warning">
              {t("archive.damaged")}
              <ul>
                {status.damaged.map((slice) => (
                  <li key={slice.month}>
                    {slice.month}: {slice.reason}
                  </li>
                ))}
              </ul>
            </Notice>
          )}
        </>
      )}
      <Question
        opened={asking}
        title={t("archive.rebuildTitle")}
        yes={t("archive.rebuild")}
        busy={busy}
        onYes={() => void rebuild()}
        onNo={() => setAsking(false)}
      >
        <p>{t("archive.rebuildText")}</p>
      </Question>
    </section>
  );
}

function Bar({ label, progress: { done, total } }: { label: string; progress: Progress }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <div className={css.progress} role="status">
      <span>
        {label} {t("archive.progress", { done: number(done, locale), total: number(total, locale) })}
      </span>
      <progress max={Math.max(1, total)} value={done} aria-label={label} />
    </div>
  );
}
