import { useTranslation } from "react-i18next";
import { Icon } from "../icon";
import stream from "../stream/stream.module.css";

/** More is found by now; the list stays until the reader asks. */
export function NewlyFound({ count, onShow }: { count: number; onShow: () => void }) {
  const { t } = useTranslation();
  if (count === 0) return null;
  return (
    <div className={stream.newBar} data-testid="new-bar">
      <button type="button" className="bare" onClick={onShow}>
        <Icon name="up" size={14} />
        {t("search.new.bar", { count })}
        <kbd>.</kbd>
      </button>
    </div>
  );
}
