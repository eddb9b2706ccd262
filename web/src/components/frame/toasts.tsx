import { useTranslation } from "react-i18next";
import { useStore } from "~/state/store";
import { dropToast, toasts } from "~/state/toasts";
import { Icon } from "../icon";
import { Sentence } from "../sentence";
import css from "./toasts.module.css";

/** What was just done, with a way to take it back. */
export function Toasts() {
  const { t } = useTranslation();
  const shown = useStore(toasts);
  return (
    <section className={css.stack} aria-live="polite" aria-label={t("toasts.title")}>
      {shown.map((toast) => (
        <div key={toast.id} className={css.toast} data-kind={toast.kind}>
          <Icon name={toast.kind === "error" ? "warning" : "check"} />
          <span className={css.text}>{toast.kind === "error" ? <Sentence text={toast.text} /> : toast.text}</span>
          {toast.undo && (
            <button
              type="button"
              className={css.undo}
              onClick={() => {
                dropToast(toast.id);
                toast.undo?.();
              }}
            >
              {t("toasts.undo")} <kbd>U</kbd>
            </button>
          )}
          <button
            type="button"
            className={css.close}
            aria-label={t("common.close")}
            onClick={() => dropToast(toast.id)}
          >
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
    </section>
  );
}
