import { useTranslation } from "react-i18next";
import type { Ledger } from "~/api/types";
import { bytes, number } from "~/lib/format";
import { Time } from "../time";
import { useLocale } from "../use-locale";

/** How far a new topic can look back. */
export function KeptStream({ kept }: { kept: Ledger["kept"] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <p className="dim" style={{ fontSize: 12, marginTop: 8 }}>
      {t("ledger.kept", { count: kept.posts, shown: number(kept.posts, locale), size: bytes(kept.bytes, locale) })}
      {kept.oldest && (
        <>
          {" "}
          {t("ledger.keptSince")} <Time at={kept.oldest} />
        </>
      )}
    </p>
  );
}
