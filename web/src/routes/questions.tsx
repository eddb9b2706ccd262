import { useTranslation } from "react-i18next";

/** Of us or not, how much, how often, where, of what. */
export function QuestionsPage() {
  const { t } = useTranslation();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.questions")}</h1>
      </div>
      <p className="dim">{t("questions.lead")}</p>
    </div>
  );
}
