import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../icon";
import css from "./search.module.css";

/** Copies the address of what is shown. */
export function LinkButton() {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      setCopied(true);
      setTimeout(() => setCopied(false), 2_000);
    } catch {
      // Without permission the address can still be copied from its bar.
    }
  };
  const label = t(copied ? "common.copied" : "search.link");
  return (
    <button type="button" className={css.tool} aria-label={label} title={label} onClick={() => void copy()}>
      <Icon name={copied ? "check" : "link"} />
      <span className="hidden" aria-live="polite">
        {copied ? t("common.copied") : ""}
      </span>
    </button>
  );
}
