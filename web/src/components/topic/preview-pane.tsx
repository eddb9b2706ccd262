import { Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Preview } from "~/api/types";
import { compact, number } from "~/lib/format";
import type { useQueryCheck } from "~/state/use-query-check";
import { Empty } from "../empty";
import { Loading } from "../loading";
import { PageError } from "../page-error";
import { Time } from "../time";
import { useLocale } from "../use-locale";
import css from "./editor.module.css";
import { PreviewHits } from "./preview-hits";

/** What the query would have brought from the kept stream, and what to expect a day. */
export function PreviewPane({ checked }: { checked: ReturnType<typeof useQueryCheck> }) {
  const { t } = useTranslation();
  const { preview, check, blank } = checked;
  const faulty = !blank && check.data?.valid === false;

  return (
    <section className={css.preview} aria-busy={preview.isFetching}>
      {blank && <Empty icon="search" title={t("preview.blank")} text={t("preview.blankHint")} />}
      {faulty && <Empty icon="warning" title={t("preview.faulty")} text={t("preview.faultyHint")} />}
      {!blank && !faulty && preview.isError && <PageError error={preview.error} reset={() => void preview.refetch()} />}
      {!blank && !faulty && !preview.data && !preview.isError && <Loading text={t("preview.looking")} />}
      {!blank && !faulty && preview.data && !preview.isError && (
        <>
          <PreviewFigures preview={preview.data} busy={preview.isFetching} />
          <div
            className={`${css.hits} renews`}
            data-stale={preview.isPlaceholderData}
            role="region"
            aria-label={t("preview.title")}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
            tabIndex={0}
          >
            <PreviewHits preview={preview.data} />
          </div>
        </>
      )}
    </section>
  );
}

/** How many, how many a day, out of how many. */
export function PreviewFigures({ preview, busy }: { preview: Preview; busy: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const perDay = preview.per_day;
  return (
    <div className={css.figures}>
      <div className={css.figure}>
        <strong>{number(preview.matched, locale)}</strong>
        <span>{t("preview.matched", { count: preview.matched })}</span>
      </div>
      <div className={css.figure} title={t("preview.perDayHint")}>
        <strong>
          {perDay === null
            ? "—"
            : `≈ ${number(perDay < 10 ? Math.round(perDay * 10) / 10 : Math.round(perDay), locale)}`}
        </strong>
        <span>{t("preview.perDay")}</span>
      </div>
      <div className={css.figure} title={number(preview.scanned, locale)}>
        <strong>{compact(preview.scanned, locale)}</strong>
        <span>{t("preview.scanned", { count: preview.scanned })}</span>
      </div>
      {busy && <Loader size={16} role="status" aria-label={t("preview.looking")} />}
      <p className={css.note}>
        {preview.since && (
          <>
            {t("preview.since")} <Time at={preview.since} />.{" "}
          </>
        )}
        {preview.cut_short && t("preview.cutShort")}
        {perDay === null && t("preview.perDayUnknown")}
      </p>
    </div>
  );
}
