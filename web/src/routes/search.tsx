import { useTranslation } from "react-i18next";

/** Any mention of the archive, by a query and by what is known of it. */
export function SearchPage() {
  const { t } = useTranslation();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.search")}</h1>
      </div>
    </div>
  );
}
