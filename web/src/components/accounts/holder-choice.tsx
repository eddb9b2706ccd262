import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { AccountDraft } from "~/api/replies";
import css from "./accounts.module.css";

type Whose = AccountDraft["holder"];
const HOLDERS: Whose[] = ["company", "me"];

interface HolderChoiceProps {
  holder: Whose;
  consent: boolean;
  onHolder: (holder: Whose) => void;
  onConsent: (consent: boolean) => void;
}

/** Whether the account is the company's or one's own; one's own needs one's word. */
export function HolderChoice({ holder, consent, onHolder, onConsent }: HolderChoiceProps) {
  const { t } = useTranslation();
  const name = useId();
  return (
    <fieldset className={css.holder}>
      <legend>{t("accounts.whose")}</legend>
      {HOLDERS.map((value) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={holder === value}
            onChange={() => {
              onHolder(value);
              // Consent is given on purpose or not at all.
              onConsent(false);
            }}
          />
          <span>
            {t(`accounts.holder.${value}`)}
            <small>{t(`accounts.holderHint.${value}`)}</small>
          </span>
        </label>
      ))}
      {holder === "me" && (
        <label className={css.consent}>
          <input type="checkbox" checked={consent} onChange={(event) => onConsent(event.currentTarget.checked)} />
          <span>{t("accounts.consent")}</span>
        </label>
      )}
    </fieldset>
  );
}
