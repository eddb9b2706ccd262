import { useTranslation } from "react-i18next";
import { Icon } from "../icon";
import css from "./guide.module.css";

const PARTS = ["tone", "intents", "stage", "spam", "relevant", "doubt"] as const;

/** How to judge, beside the card. */
export function Guide({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <aside className={css.guide} aria-label={t("labelling.guide.title")}>
      <div className={css.guideHead}>
        <h2>{t("labelling.guide.title")}</h2>
        <button type="button" className="bare" aria-label={t("common.close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      {PARTS.map((part) => (
        <section key={part}>
          <h3>{t(`labelling.guide.${part}.title`)}</h3>
          {t(`labelling.guide.${part}.text`)
            .split("\n")
            .map((line) => (
              <p key={line}>{line}</p>
            ))}
        </section>
      ))}
    </aside>
  );
}
