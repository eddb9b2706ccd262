import { useTranslation } from "react-i18next";
import type { Tone } from "~/api/types";
import { percent } from "~/lib/format";
import { Icon } from "./icon";
import css from "./tone.module.css";
import { useLocale } from "./use-locale";

export const TONE_SIGNS: Record<Tone, string> = { negative: "−", neutral: "0", positive: "+" };

interface ToneLabelProps {
  tone: Tone;
  /** How sure the machine is that said it; absent: it is not told whose word it is. */
  score?: number | null;
  /** A person said it. */
  byPeople?: boolean;
}

/** A word, a sign and a colour: never the colour alone. People's word stands on a ground, the machine's does not. */
export function ToneLabel({ tone, score = null, byPeople = false }: ToneLabelProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const by =
    score !== null
      ? t("judgement.machine", { score: percent(score, locale) })
      : byPeople
        ? t("judgement.people")
        : undefined;
  return (
    <span className={`${css.label} ${css[tone]}`} data-by={score === null ? "people" : "machine"} title={by}>
      <span aria-hidden>{TONE_SIGNS[tone]}</span>
      {t(`tone.${tone}`)}
      {byPeople && <Icon name="user" size={11} label={t("judgement.people")} />}
    </span>
  );
}

interface ToneButtonsProps {
  tone: Tone | null;
  onChange: (tone: Tone | null) => void;
  /** What the machine thinks, where no person has said anything. */
  machine?: { tone: Tone; scores: Record<Tone, number> } | null;
  /** Signs only; the words are on hover and for screen readers. */
  compact?: boolean;
}

/** Sets the tone; the one that is set, pressed again, is taken away. */
export function ToneButtons({ tone, onChange, machine = null, compact = false }: ToneButtonsProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <fieldset className={css.buttons} data-compact={compact}>
      <legend className="hidden">{t("tone.title")}</legend>
      {(["negative", "neutral", "positive"] as const).map((value, index) => {
        const score = machine ? percent(Math.round(machine.scores[value] * 100) / 100, locale) : null;
        return (
          <button
            key={value}
            type="button"
            className={`${css.button} ${css[value]}`}
            aria-pressed={tone === value}
            data-machine={machine?.tone === value}
            title={[`${t(`tone.${value}`)} (${index + 1})`, score && t("judgement.machine", { score })]
              .filter(Boolean)
              .join(" · ")}
            onClick={() => onChange(tone === value ? null : value)}
          >
            <span aria-hidden className={css.sign}>
              {TONE_SIGNS[value]}
            </span>
            <span className={compact ? "hidden" : undefined}>{t(`tone.${value}`)}</span>
            {score && !compact && <small className={css.score}>{score}</small>}
          </button>
        );
      })}
    </fieldset>
  );
}
