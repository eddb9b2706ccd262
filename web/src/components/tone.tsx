import { useTranslation } from "react-i18next";
import type { Tone } from "~/api/types";
import css from "./tone.module.css";

export const TONE_SIGNS: Record<Tone, string> = { negative: "−", neutral: "0", positive: "+" };

/** A word, a sign and a colour: never the colour alone. */
export function ToneLabel({ tone }: { tone: Tone }) {
  const { t } = useTranslation();
  return (
    <span className={`${css.label} ${css[tone]}`}>
      <span aria-hidden>{TONE_SIGNS[tone]}</span>
      {t(`tone.${tone}`)}
    </span>
  );
}

interface ToneButtonsProps {
  tone: Tone | null;
  onChange: (tone: Tone | null) => void;
  /** Signs only; the words are on hover and for screen readers. */
  compact?: boolean;
}

/** Sets the tone; the one that is set, pressed again, is taken away. */
export function ToneButtons({ tone, onChange, compact = false }: ToneButtonsProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={css.buttons} data-compact={compact}>
      <legend className="hidden">{t("tone.title")}</legend>
      {(["negative", "neutral", "positive"] as const).map((value, index) => (
        <button
          key={value}
          type="button"
          className={`${css.button} ${css[value]}`}
          aria-pressed={tone === value}
          title={`${t(`tone.${value}`)} (${index + 1})`}
          onClick={() => onChange(tone === value ? null : value)}
        >
          <span aria-hidden className={css.sign}>
            {TONE_SIGNS[value]}
          </span>
          <span className={compact ? "hidden" : undefined}>{t(`tone.${value}`)}</span>
        </button>
      ))}
    </fieldset>
  );
}
