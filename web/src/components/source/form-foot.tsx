import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import css from "./form.module.css";
import type { Doing } from "./use-network-form";

interface FormFootProps {
  words: { save: string; test: string; testing: string };
  busy: Doing | null;
  /** Labels of what is still to be filled in. */
  lacking: readonly string[];
  /** Complete, and yet not to be saved. */
  held?: boolean;
  /** Another button leads on first. */
  second: boolean;
  /** `null`: there is nothing to try. */
  onTest: (() => void) | null;
}

/** Saves what was entered by hand, or tries it before. */
export function FormFoot({ words, busy, lacking, held = false, second, onTest }: FormFootProps) {
  const { t } = useTranslation();
  const waits = lacking.length > 0 || busy !== null;
  return (
    <div className={css.foot}>
      <Button type="submit" variant={second ? "default" : "filled"} loading={busy === "save"} disabled={waits || held}>
        {words.save}
      </Button>
      {onTest && (
        <Button variant="default" loading={busy === "test"} disabled={waits} onClick={onTest}>
          {words.test}
        </Button>
      )}
      {lacking.length > 0 && <span className="dim">{t("sources.lacking", { fields: lacking.join(", ") })}</span>}
      {busy === "test" && (
        <span className="dim" role="status">
          {words.testing}
        </span>
      )}
    </div>
  );
}
