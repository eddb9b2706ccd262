import { useId } from "react";
import { useTranslation } from "react-i18next";
import { fieldOf } from "~/lib/replies/later";
import css from "./replies.module.css";

interface LaterProps {
  /** As the field holds it, on the clocks of the zone. */
  value: string;
  zone: string;
  wrong: string | null;
  onChange: (value: string) => void;
}

/** The date and time a reply goes out, on the clocks of the workspace. */
export function Later({ value, zone, wrong, onChange }: LaterProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className={css.row}>
      <label htmlFor={id}>{t("reply.laterAt", { zone })}</label>
      <input
        id={id}
        type="datetime-local"
        className="field"
        value={value}
        min={fieldOf(Date.now(), zone)}
        aria-invalid={wrong !== null}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {wrong && (
        <p id={`${id}-wrong`} className={css.wrong} role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}
