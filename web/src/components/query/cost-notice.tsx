import { useTranslation } from "react-i18next";
import type { QueryCost } from "~/api/types";
import { number } from "~/lib/format";
import { Notice } from "../notice";
import { useLocale } from "../use-locale";

/** What a query costs the stream, said only when it is much. */
export function CostNotice({ cost }: { cost: QueryCost | null }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (cost?.class === "every_post") return <Notice kind="warning">{t("cost.everyPost")}</Notice>;
  if (cost?.class !== "heavy") return null;
  const looks = cost.looks_per_million === null ? null : Math.round(cost.looks_per_million);
  return (
    <Notice kind="warning">
      {looks === null ? t("cost.heavy") : t("cost.heavyOf", { count: looks, shown: number(looks, locale) })}{" "}
      {t("cost.wayOut")}
    </Notice>
  );
}
