import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Mention } from "~/api/types";
import { percent } from "~/lib/format";
import { isSpam, saidByPeople, toneScore } from "~/lib/judgement";
import { offers } from "~/lib/offered";
import { Icon } from "../icon";
import { ToneLabel } from "../tone";
import { useLocale } from "../use-locale";
import css from "./marks.module.css";

/** How many intents stand in a row of a list; the others are counted. */
const MOST_INTENTS = 1;

interface MarksProps {
  mention: Mention;
  /** The mentions of a row agree in it; where they do not, it is not told. */
  alike: { tone: boolean; intents: boolean; stage: boolean; spam: boolean };
}

/** What is thought of a mention, in short: the machine's word lighter than people's. */
export function JudgementMarks({ mention, alike }: MarksProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { machine } = mention;
  const intents = alike.intents ? (mention.intents ?? []).filter((intent) => intent !== "spam") : [];
  const sure = (score: number | undefined) =>
    score === undefined ? undefined : t("judgement.machine", { score: percent(score, locale) });
  const by = (kind: "intents" | "stage" | "spam", score: number | undefined) =>
    saidByPeople(mention, kind) ? t("judgement.people") : sure(score);
  const intentsBy = saidByPeople(mention, "intents") ? "people" : "machine";
  return (
    <>
      {alike.tone && mention.tone && (
        <ToneLabel tone={mention.tone} score={toneScore(mention)} byPeople={saidByPeople(mention, "tone")} />
      )}
      {alike.spam && isSpam(mention) && (
        <span
          className={css.spam}
          data-by={saidByPeople(mention, "spam") ? "people" : "machine"}
          title={by("spam", machine?.spam)}
        >
          <Icon name="stop" size={12} /> {t("spam.mark")}
        </span>
      )}
      {intents.slice(0, MOST_INTENTS).map((intent) => (
        <span key={intent} className={css.chip} data-by={intentsBy} title={by("intents", machine?.intents[intent])}>
          {t(`intent.${intent}`)}
        </span>
      ))}
      {intents.length > MOST_INTENTS && (
        <span
          className={css.more}
          title={intents
            .slice(MOST_INTENTS)
            .map((intent) => t(`intent.${intent}`))
            .join(", ")}
        >
          +{intents.length - MOST_INTENTS}
        </span>
      )}
      {alike.stage && mention.stage && (
        <span
          className={css.stage}
          data-by={saidByPeople(mention, "stage") ? "people" : "machine"}
          title={`${t("stage.title")} · ${by("stage", undefined) ?? ""}`.replace(/ · $/, "")}
        >
          {t(`stage.${mention.stage}`)}
        </span>
      )}
    </>
  );
}

/** How many more posts say the same; leads to their story. */
export function StoryMark({ mention, tabIndex }: { mention: Mention; tabIndex: number }) {
  const { t } = useTranslation();
  const { story } = mention;
  if (!story || story.posts < 2) return null;
  const text = (
    <>
      <Icon name="copies" size={13} /> {t("judgement.story", { count: story.posts - 1 })}
    </>
  );
  if (!offers("getStory")) return <span className={css.story}>{text}</span>;
  return (
    <Link
      to="/stories/$id"
      params={{ id: story.id }}
      className={css.story}
      tabIndex={tabIndex}
      title={t("judgement.openStory")}
    >
      {text}
    </Link>
  );
}
