import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Explanation, Intent, Mention, Reason, Stage, Tone } from "~/api/types";
import { decimal, percent } from "~/lib/format";
import { likelierTone } from "~/lib/judgement";
import { offers } from "~/lib/offered";
import { type Head, heaviest, ranked } from "~/lib/reasons";
import { Segments } from "../segments";
import { useLocale } from "../use-locale";
import css from "./panel.module.css";

interface WhyProps {
  mention: Mention;
  explanation: Explanation;
  heads: readonly Head[];
  /** The judgement that is explained, here and by lines under the words of the text. */
  shown: Head;
  onShow: (key: string) => void;
}

const MOST = 8;

/** Which words and signs decided, and how much each. */
export function Why({ mention, explanation, heads, shown, onShow }: WhyProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const word = useHeadWord();
  const words = shown.reasons.filter(({ kind }) => kind === "words");
  const signs = shown.reasons.filter(({ kind }) => kind === "sign");
  const most = heaviest(shown.reasons);
  return (
    <section className={css.why} aria-label={t("judgement.why")}>
      <h2>{t("judgement.why")}</h2>
      <div className={css.heads}>
        <Segments
          label={t("judgement.why")}
          value={shown.key}
          options={heads.map((head) => ({
            value: head.key,
            label: `${word(head)} ${percent(Math.round(head.score * 100) / 100, locale)}`,
          }))}
          onChange={onShow}
        />
      </div>
      {shown.kind === "tone" && <Against explanation={explanation} mention={mention} />}
      {shown.reasons.length === 0 && <p className="dim">{t("judgement.noReasons")}</p>}
      {words.length > 0 && (
        <>
          <Reasons label={t("judgement.words")} reasons={words} most={most} />
          <p className={css.foot}>{t("judgement.marked")}</p>
        </>
      )}
      {signs.length > 0 && <Reasons label={t("judgement.signs")} reasons={signs} most={most} />}
      {explanation.motive && (
        <blockquote className={css.motive}>
          <span className="dim">{t("judgement.motive")}: </span>
          <q>{explanation.motive}</q>
        </blockquote>
      )}
      <p className={css.foot}>
        <span>{t("judgement.model", { version: explanation.model.version })}</span>
        {offers("getModel") && <Link to="/settings/model">{t("judgement.modelOf")}</Link>}
      </p>
    </section>
  );
}

/** What would puzzle a reader: a second opinion, a tone said against its probability, a model that has changed its mind since. */
function Against({ mention: { machine }, explanation: { tone } }: Pick<WhyProps, "mention" | "explanation">) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (!machine) return null;
  if (machine.second) {
    const { by, first } = machine.second;
    const texts = { by: t(`judgement.secondBy.${by}`), first: t(`tone.${first}`) };
    return <p className={css.against}>{t("judgement.second", texts)}</p>;
  }
  if (machine.tone !== tone.label) {
    const texts = { before: t(`tone.${machine.tone}`), now: t(`tone.${tone.label}`) };
    return <p className={css.against}>{t("judgement.changed", texts)}</p>;
  }
  const { tone_scores: scores } = machine;
  const likelier = likelierTone(machine.tone, scores);
  if (!likelier) return null;
  const sure = (of: Tone) => percent(Math.round(scores[of] * 100) / 100, locale);
  return (
    <p className={css.against}>
      {t("judgement.againstOdds", {
        likelier: t(`tone.${likelier}`),
        more: sure(likelier),
        said: t(`tone.${machine.tone}`),
        less: sure(machine.tone),
      })}
    </p>
  );
}

function Reasons({ label, reasons, most }: { label: string; reasons: readonly Reason[]; most: number }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <ul className={css.reasons} aria-label={label}>
      {ranked(reasons, MOST).map(({ kind, text, weight }) => {
        const size = most > 0 ? (Math.abs(weight) / most) * 100 : 0;
        const sign = weight < 0 ? "-" : "+";
        return (
          <li key={`${kind} ${text}`}>
            {kind === "words" ? <q>{text}</q> : <span>{text}</span>}
            <span className={css.bar} data-sign={sign} aria-hidden>
              <i style={sign === "-" ? { width: size * 0.48, right: "100%" } : { width: size * 0.48 }} />
            </span>
            <span
              className={css.weight}
              title={`${t("judgement.weight", { weight: decimal(weight, locale, 2) })}, ${t(sign === "-" ? "judgement.against" : "judgement.towards")}`}
            >
              {weight < 0 ? "−" : "+"}
              {decimal(Math.abs(weight), locale, 2)}
              <span className="hidden"> {t(sign === "-" ? "judgement.against" : "judgement.towards")}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function useHeadWord(): (head: Head) => string {
  const { t } = useTranslation();
  return ({ kind, value }) => {
    if (kind === "tone") return t(`tone.${value as Tone}`);
    if (kind === "stage") return t(`stage.${value as Stage}`);
    return kind === "spam" ? t("spam.mark") : t(`intent.${value as Intent}`);
  };
}
