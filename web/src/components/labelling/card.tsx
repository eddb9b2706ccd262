import { Button } from "@mantine/core";
import type { MouseEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ToLabel } from "~/api/labelling";
import { CHOSEN_INTENTS, STAGES, TONES } from "~/lib/judgement";
import { complete, type Draft, keyOf, type Press } from "~/lib/labelling";
import { networkMark } from "~/lib/networks";
import { safeLink } from "~/lib/safe-link";
import { spansOf } from "~/lib/spans";
import type { Game } from "~/state/use-labelling";
import { MarkedText } from "../marked-text";
import { NetworkBadge } from "../network-badge";
import { Notice } from "../notice";
import { Time } from "../time";
import { TONE_SIGNS } from "../tone";
import { useProblemText } from "../use-problem-text";
import css from "./card.module.css";
import ends from "./ends.module.css";

/** The post to be judged, and everything that can be said of it. */
export function Card({ game, card }: { game: Game; card: ToLabel }) {
  const { t } = useTranslation();
  const problem = useProblemText();
  const { draft, press } = game;
  const link = safeLink(card.mention.url);
  const busy = game.phase !== "card";
  return (
    <article className={`card ${css.card}`} aria-busy={busy} aria-label={t("labelling.card")}>
      <div className={css.about}>
        <NetworkBadge network={card.mention.network} />
        <span>{networkMark(card.mention.network).title}</span>
        <Time at={card.mention.published_at} />
        {link && (
          <a href={link} target="_blank" rel="noopener noreferrer">
            {t("labelling.original")}
          </a>
        )}
      </div>
      <h2 className={css.question}>{t("labelling.question", { object: card.object.name })}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long post scrolls, so it must be reachable by keys */}
      <div className={css.post} tabIndex={0} role="region" aria-label={t("labelling.post")}>
        {card.mention.title && (
          <p>
            <strong>
              <MarkedText text={card.mention.title} spans={spansOf(card.spans, true)} />
            </strong>
          </p>
        )}
        <p>
          <MarkedText text={card.mention.text} spans={spansOf(card.spans, false)} />
        </p>
      </div>
      <Tones draft={draft} onPress={press} />
      <Group title={t("labelling.intents")}>
        {CHOSEN_INTENTS.map((value) => (
          <Choice
            key={value}
            press={{ set: "intent", value }}
            on={draft.intents.includes(value)}
            text={t(`intent.${value}`)}
            onPress={press}
          />
        ))}
      </Group>
      <Group title={t("labelling.stage")}>
        {STAGES.map((value) => (
          <Choice
            key={value}
            press={{ set: "stage", value }}
            on={draft.stage === value}
            text={t(`stage.${value}`)}
            onPress={press}
          />
        ))}
      </Group>
      <Group title={t("labelling.more")}>
        <Choice press={{ set: "spam" }} on={draft.spam} text={t("spam.yes")} onPress={press} />
        <Choice press={{ set: "irrelevant" }} on={!draft.relevant} text={t("labelling.irrelevant")} onPress={press} />
      </Group>
      {game.error !== null && <Notice kind="error">{problem(game.error)}</Notice>}
      <div className={ends.ends}>
        <Button variant="default" disabled={busy || game.past.length === 0} onClick={() => press({ go: "undo" })}>
          {t("labelling.undo")} <kbd>U</kbd>
        </Button>
        <Button variant="default" disabled={busy} onClick={() => press({ go: "skip" })}>
          {t("labelling.skip")} <kbd>N</kbd>
        </Button>
        <Button disabled={busy || !complete(draft)} onClick={() => press({ go: "next" })}>
          {t("labelling.next")} <kbd>Enter</kbd>
        </Button>
      </div>
    </article>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className={css.group}>
      <legend>{title}</legend>
      <div className={css.choices}>{children}</div>
    </fieldset>
  );
}

interface ChoiceProps {
  press: Press;
  on: boolean;
  text: string;
  onPress: (press: Press) => void;
}

function Choice({ press, on, text, onPress }: ChoiceProps) {
  return (
    <button type="button" className={css.choice} aria-pressed={on} onClick={(event) => clicked(event, press, onPress)}>
      <kbd aria-hidden>{keyOf(press)}</kbd>
      {text}
    </button>
  );
}

/** A pointer does not leave the focus behind: Enter then goes on and does not press the same again. */
function clicked(event: MouseEvent<HTMLButtonElement>, press: Press, onPress: (press: Press) => void): void {
  if (event.detail > 0) event.currentTarget.blur();
  onPress(press);
}

function Tones({ draft, onPress }: { draft: Draft; onPress: (press: Press) => void }) {
  const { t } = useTranslation();
  return (
    <fieldset className={css.tones}>
      <legend className="hidden">{t("tone.title")}</legend>
      {TONES.map((value) => {
        const press: Press = { set: "tone", value };
        return (
          <button
            key={value}
            type="button"
            className={css.tone}
            data-tone={value}
            aria-pressed={draft.tone === value}
            onClick={(event) => clicked(event, press, onPress)}
          >
            <span aria-hidden className={css.sign}>
              {TONE_SIGNS[value]}
            </span>
            {t(`tone.${value}`)}
            <kbd aria-hidden>{keyOf(press)}</kbd>
          </button>
        );
      })}
    </fieldset>
  );
}
