import { useTranslation } from "react-i18next";
import type { Source } from "~/api/types";
import { duration, number } from "~/lib/format";
import shown from "../facts.module.css";
import { Time } from "../time";
import { useLocale, useNow } from "../use-locale";
import css from "./sources.module.css";

/** Lag, last item, next try, and what the network still allows. */
export function SourceFacts({ source }: { source: Source }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const { quota } = source;
  return (
    <dl className={shown.facts}>
      <div title={t("sources.lagHint")}>
        <dt>{t("sources.lag")}</dt>
        <dd>{source.lag_seconds === null ? "—" : duration(source.lag_seconds, locale)}</dd>
      </div>
      <div>
        <dt>{t("sources.lastItem")}</dt>
        <dd>{source.last_item_at ? <Time at={source.last_item_at} /> : "—"}</dd>
      </div>
      <div title={t("sources.lastSuccessHint")}>
        <dt>{t("sources.lastSuccess")}</dt>
        <dd>{source.last_success_at ? <Time at={source.last_success_at} /> : "—"}</dd>
      </div>
      {source.next_attempt_at && Date.parse(source.next_attempt_at) > now && (
        <div>
          <dt>{t("sources.nextAttempt")}</dt>
          <dd>
            <Time at={source.next_attempt_at} />
          </dd>
        </div>
      )}
      {quota && quota.limit > 0 && (
        <div className={css.quota}>
          <dt>
            {t("sources.quota", { remaining: number(quota.remaining, locale), limit: number(quota.limit, locale) })}
            {quota.resets_at && (
              <>
                {" · "}
                {t("sources.resets")} <Time at={quota.resets_at} />
              </>
            )}
          </dt>
          <dd className={css.meter} aria-hidden>
            <span style={{ width: `${Math.min(100, (quota.remaining / quota.limit) * 100)}%` }} />
          </dd>
        </div>
      )}
    </dl>
  );
}
