import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Labelling, labellingQuery } from "~/api/labelling";
import { Empty } from "~/components/empty";
import { Icon } from "~/components/icon";
import { Applying } from "~/components/labelling/applying";
import { Bought } from "~/components/labelling/bought";
import { Card } from "~/components/labelling/card";
import { Guide } from "~/components/labelling/guide";
import css from "~/components/labelling/labelling.module.css";
import { Ring } from "~/components/labelling/ring";
import { Standing, Weeks } from "~/components/labelling/standing";
import { Loading } from "~/components/loading";
import { PageError } from "~/components/page-error";
import { KEYMAP, minutesLeft } from "~/lib/labelling";
import { isTyping } from "~/state/commands";
import { type Game, useLabelling } from "~/state/use-labelling";

/** The five-minute game: a blind sample of the week is judged by people, so that every share can be corrected by it. */
export function LabellingPage() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const query = useQuery(labellingQuery);
  const game = useLabelling();
  const [playing, setPlaying] = useState(false);
  const [guide, setGuide] = useState(false);
  const labelling = query.data;
  const round = labelling?.round ?? null;

  const start = () => {
    setPlaying(true);
    void game.start();
  };
  const more = (drawn: Labelling) => {
    cache.setQueryData(labellingQuery.queryKey, drawn);
    start();
  };
  useGameKeys(playing && game.phase !== "loading", (event) => {
    const press = KEYMAP.get(event.code);
    if (!press) return false;
    // A button that has the focus is pressed by Enter as everywhere.
    if ("go" in press && press.go === "next" && onButton(event.target)) return false;
    if ("go" in press && press.go === "guide") setGuide((open) => !open);
    else game.press(press);
    return true;
  });

  return (
    <div className="page">
      <div className={css.page} data-guide={guide && playing}>
        <div className={css.main}>
          <div className={css.head}>
            <h1>{t("nav.labelling")}</h1>
            {playing && round && (
              <Progress key={round.id} round={round} game={game} minutes={labelling?.minutes_estimate ?? 5} />
            )}
          </div>
          {query.isPending && <Loading />}
          {query.isError && !labelling && <PageError error={query.error} reset={() => void query.refetch()} />}
          {labelling && !playing && <Start labelling={labelling} onStart={start} onMore={more} />}
          {labelling && playing && <Play game={game} labelling={labelling} onMore={more} />}
          {playing && (
            <button
              type="button"
              className={`bare ${css.guideButton}`}
              aria-expanded={guide}
              onClick={() => setGuide(!guide)}
            >
              <Icon name="list" size={14} /> {t("labelling.guide.title")} <kbd>H</kbd>
            </button>
          )}
        </div>
        {playing && guide && <Guide onClose={() => setGuide(false)} />}
      </div>
    </div>
  );
}

interface PlayProps {
  game: Game;
  labelling: Labelling;
  onMore: (drawn: Labelling) => void;
}

function Play({ game, labelling, onMore }: PlayProps) {
  const mine = game.past.filter((one) => !one.skipped).length;
  if (game.phase === "loading") return <Loading />;
  if (game.phase === "failed") return <PageError error={game.error} reset={() => void game.start()} />;
  if (game.card) {
    return (
      <>
        <Card key={game.card.audit_id} game={game} card={game.card} />
        <Applying game={game} />
      </>
    );
  }
  return (
    <>
      <Bought
        labelling={labelling}
        mine={mine}
        onUndo={game.past.length > 0 ? () => game.press({ go: "undo" }) : null}
        onMore={onMore}
      />
      <Applying game={game} />
    </>
  );
}

function Progress({ round, game, minutes }: { round: NonNullable<Labelling["round"]>; game: Game; minutes: number }) {
  const { t } = useTranslation();
  // Answered before this sitting is what the server said first; what is answered now is counted here.
  const [before] = useState(round.answered_by_me);
  const done = Math.min(round.size, before + game.past.length);
  const left = round.size - done;
  const seconds = game.past.map((one) => one.seconds);
  return (
    <div className={css.progress}>
      {left > 0 && (
        <span className="dim" role="status">
          {t("labelling.minutesLeft", { count: minutesLeft(left, seconds, minutes) })}
        </span>
      )}
      <Ring done={done} all={round.size} label={t("labelling.ofRound", { done, all: round.size })} />
    </div>
  );
}

/** Why one should, before one does. */
interface StartProps {
  labelling: Labelling;
  onStart: () => void;
  onMore: (drawn: Labelling) => void;
}

function Start({ labelling, onStart, onMore }: StartProps) {
  const { t } = useTranslation();
  const { round, minutes_estimate } = labelling;
  const button = useRef<HTMLButtonElement>(null);
  // Enter begins at once.
  useEffect(() => button.current?.focus(), []);
  if (!round) {
    return (
      <div className="card">
        <Empty icon="check" title={t("labelling.tooFew")} text={t("labelling.tooFewHint")}>
          <Button component={Link} to="/stream" variant="default">
            {t("nav.stream")}
          </Button>
        </Empty>
        <Weeks history={labelling.history} />
      </div>
    );
  }
  const left = Math.max(0, round.size - round.answered_by_me);
  if (left === 0) return <Bought labelling={labelling} mine={0} onUndo={null} onMore={onMore} />;
  return (
    <section className={`card ${css.start}`}>
      <div className={css.why}>
        <h2>{t("labelling.whyTitle")}</h2>
        <p>{t("labelling.why")}</p>
        <ol className={css.steps}>
          {(["blind", "random", "two"] as const).map((step) => (
            <li key={step}>
              <strong>{t(`labelling.steps.${step}.title`)}</strong> {t(`labelling.steps.${step}.text`)}
            </li>
          ))}
        </ol>
        <div className={css.go}>
          <Button size="md" onClick={onStart} ref={button}>
            {t(round.answered_by_me > 0 ? "labelling.goOn" : "labelling.start")} <kbd>Enter</kbd>
          </Button>
          <span className="dim">{t("labelling.takes", { count: Math.max(1, minutes_estimate) })}</span>
        </div>
      </div>
      <div className={css.beside}>
        <Ring
          done={round.answered_by_me}
          all={round.size}
          label={t("labelling.ofRound", { done: round.answered_by_me, all: round.size })}
        />
        <Standing labelling={labelling} />
      </div>
      <Weeks history={labelling.history} />
    </section>
  );
}

const PREFIX_MS = 1_000;
let prefixAt = Number.NEGATIVE_INFINITY;

/** Keys of the game come before those of the app: `u` takes back an answer here, not a toast. */
function useGameKeys(on: boolean, handle: (event: KeyboardEvent) => boolean): void {
  useEffect(() => {
    if (!on) return;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.repeat || event.isComposing) return;
      // After `g` a letter goes to another page, as everywhere.
      const going = event.timeStamp - prefixAt < PREFIX_MS;
      prefixAt = event.code === "KeyG" ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (going || isTyping(event.target) || document.querySelector('[role="dialog"][aria-modal="true"]')) return;
      if (!handle(event)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener("keydown", listen, { capture: true });
    return () => window.removeEventListener("keydown", listen, { capture: true });
  });
}

function onButton(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, a") !== null;
}
