import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { JudgementKind, Mention } from "~/api/types";
import { percent } from "~/lib/format";
import { CHOSEN_INTENTS, isSpam, STAGES, saidByPeople, withIntent } from "~/lib/judgement";
import { useJudge } from "~/state/use-judge";
import { Icon } from "../icon";
import { ToneButtons } from "../tone";
import { useLocale } from "../use-locale";
import css from "./panel.module.css";

/** What is thought of the mention, each part to be overruled by one press and given back by another. */
export function JudgementPanel({ mention }: { mention: Mention }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const judge = useJudge();
  const { machine } = mention;
  const intents = mention.intents ?? [];
  const one = [mention];
  return (
    <section className={css.panel} aria-label={t("judgement.title")}>
      <Row kind="tone" mention={mention} title={t("tone.title")} onBack={() => judge.setTone(one, null)}>
        <ToneButtons
          tone={saidByPeople(mention, "tone") ? mention.tone : null}
          machine={machine && { tone: machine.tone, scores: machine.tone_scores }}
          onChange={(tone) => judge.setTone(one, tone)}
        />
      </Row>
      <Row kind="intents" mention={mention} title={t("intent.title")} onBack={() => judge.setIntents(one, null)}>
        <Choices
          label={t("intent.title")}
          options={CHOSEN_INTENTS.map((intent) => ({
            value: intent,
            label: t(`intent.${intent}`),
            score: machine?.intents[intent],
            on: intents.includes(intent),
          }))}
          people={saidByPeople(mention, "intents")}
          onPress={(intent) => judge.setIntents(one, withIntent(intents, intent))}
        />
      </Row>
      <Row kind="stage" mention={mention} title={t("stage.title")} onBack={() => judge.setStage(one, null)}>
        <Choices
          label={t("stage.title")}
          options={STAGES.map((stage) => ({
            value: stage,
            label: t(`stage.${stage}`),
            on: mention.stage === stage,
          }))}
          people={saidByPeople(mention, "stage")}
          onPress={(stage) => judge.setStage(one, mention.stage === stage ? "none" : stage)}
        />
      </Row>
      <Row kind="spam" mention={mention} title={t("spam.title")} onBack={() => judge.setSpam(one, null)}>
        <Choices
          label={t("spam.title")}
          options={[{ value: "spam", label: t("spam.mark"), score: machine?.spam, on: isSpam(mention) }]}
          people={saidByPeople(mention, "spam")}
          onPress={() => judge.setSpam(one, !isSpam(mention))}
        />
      </Row>
      {machine && machine.relevance !== null && (
        <div className={css.row}>
          <h2>{t("judgement.about")}</h2>
          <p className={css.told}>{t("judgement.aboutScore", { score: percent(machine.relevance, locale) })}</p>
        </div>
      )}
      {machine === null && <p className="dim">{t("judgement.unjudged")}</p>}
    </section>
  );
}

const KEYS: Record<JudgementKind, string> = { tone: "T", intents: "I", stage: "Y", spam: "!" };

interface RowProps {
  kind: JudgementKind;
  mention: Mention;
  title: string;
  onBack: () => void;
  children: ReactNode;
}

/** One kind of judgement: what it is, whose word it is, and a way back to the machine's. */
function Row({ kind, mention, title, onBack, children }: RowProps) {
  const { t } = useTranslation();
  const people = saidByPeople(mention, kind);
  return (
    <div className={css.row}>
      <h2>
        {title} <kbd>{KEYS[kind]}</kbd>
        {people && (
          <span className={css.by}>
            <Icon name="user" size={12} /> {t("judgement.people")}
            {mention.machine && (
              <button type="button" className={css.back} title={t("judgement.back")} onClick={onBack}>
                <span className="hidden">{title}: </span>
                {t("judgement.backShort")}
              </button>
            )}
          </span>
        )}
      </h2>
      {children}
    </div>
  );
}

interface Option<Value> {
  value: Value;
  label: string;
  score?: number;
  on: boolean;
}

interface ChoicesProps<Value> {
  label: string;
  options: readonly Option<Value>[];
  people: boolean;
  onPress: (value: Value) => void;
}

/** From this score on the machine's doubt is worth a number. */
const WORTH_SHOWING = 0.2;

function Choices<Value extends string>({ label, options, people, onPress }: ChoicesProps<Value>) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <div className={css.choices} role="group" aria-label={label}>
      {options.map(({ value, label: name, score, on }) => {
        const sure = score === undefined ? undefined : percent(Math.round(score * 100) / 100, locale);
        return (
          <button
            key={value}
            type="button"
            className={css.choice}
            aria-pressed={on}
            data-by={people ? "people" : "machine"}
            title={sure && t("judgement.machine", { score: sure })}
            onClick={() => onPress(value)}
          >
            {name}
            {!people && sure && (score ?? 0) >= WORTH_SHOWING && <small>{sure}</small>}
          </button>
        );
      })}
    </div>
  );
}
