import { Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";
import css from "./states.module.css";

export function Loading({ text }: { text?: string }) {
  const { t } = useTranslation();
  return (
    <div className={css.center} role="status">
      <Loader size={20} aria-hidden />
      <span className="dim">{text ?? t("common.loading")}</span>
    </div>
  );
}
