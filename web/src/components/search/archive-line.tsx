import { useTranslation } from "react-i18next";
import type { Completeness } from "~/api/archive";
import { number } from "~/lib/format";
import { Icon } from "../icon";
import { useLocale } from "../use-locale";
import css from "./archive-line.module.css";

/** What the archive does not hold yet, or not now: shown beside figures, never silently left out. */
export function ArchiveLine({ state }: { state: Completeness | undefined }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { incomplete, missing } = state ?? { incomplete: null, missing: [] };
  if (!incomplete && missing.length === 0) return null;
  const months = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
  const named = missing.map((month) => {
    const at = Date.parse(`${month}-01T00:00:00Z`);
    return Number.isNaN(at) ? month : months.format(at);
  });
  return (
    <div className={css.line} role="status">
      {incomplete && (
        <p>
          <Icon name="hourglass" size={15} />
          <span>
            {t("search.archive.filling", {
              done: number(incomplete.done, locale),
              total: number(incomplete.total, locale),
            })}
          </span>
          <progress
            max={Math.max(1, incomplete.total)}
            value={incomplete.done}
            aria-label={t("search.archive.fillingShort")}
          />
        </p>
      )}
      {named.length > 0 && (
        <p>
          <Icon name="warning" size={15} />
          <span>
            {t("search.archive.missing", {
              months: new Intl.ListFormat(locale, { type: "conjunction" }).format(named),
              count: named.length,
            })}
          </span>
        </p>
      )}
    </div>
  );
}
