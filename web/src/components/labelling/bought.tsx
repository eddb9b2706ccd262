import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { drawMoreToLabel, type Labelling } from "~/api/labelling";
import { understandingQuery } from "~/api/questions";
import { offers } from "~/lib/offered";
import { showToast } from "~/state/toasts";
import { EstimatedShare } from "../estimate";
import { Icon } from "../icon";
import { TONE_SIGNS } from "../tone";
import { useProblemText } from "../use-problem-text";
import css from "./bought.module.css";
import ends from "./ends.module.css";
import { Standing, Weeks } from "./standing";

interface BoughtProps {
  labelling: Labelling;
  /** Answers of this sitting. */
  mine: number;
  onUndo: (() => void) | null;
  /** Another week was drawn. */
  onMore: (drawn: Labelling) => void;
}

/** The end of the round: what the minutes bought. */
export function Bought({ labelling, mine, onUndo, onMore }: BoughtProps) {
  const { t } = useTranslation();
  const { round } = labelling;
  const figures = useQuery({
    ...understandingQuery(round ? { from: round.from, to: round.to } : {}, null),
    enabled: round !== null && offers("askUnderstanding"),
  });
  const known = figures.data?.tones.filter((one) => one.estimate) ?? [];
  return (
    <section className={`card ${css.end}`} aria-live="polite">
      <Icon name="finished" size={28} />
      <h2>{mine > 0 ? t("labelling.thanks", { count: mine }) : t("labelling.allDone")}</h2>
      {known.length > 0 ? (
        <>
          <p>{t("labelling.bought")}</p>
          <ul className={css.bought}>
            {known.map(({ tone, share, estimate }) => (
              <li key={tone} data-tone={tone}>
                <span>
                  {TONE_SIGNS[tone]} {t(`labelling.share.${tone}`)}
                </span>
                <EstimatedShare share={share} estimate={estimate ?? null} large />
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p className="dim">{t("labelling.notYetEnough")}</p>
      )}
      <Standing labelling={labelling} />
      <div className={ends.ends}>
        {onUndo && (
          <Button variant="default" onClick={onUndo}>
            {t("labelling.undo")} <kbd>U</kbd>
          </Button>
        )}
        <DrawMore onMore={onMore} />
        <Button component={Link} to="/questions">
          {t("labelling.toQuestions")}
        </Button>
      </div>
      <Weeks history={labelling.history} />
    </section>
  );
}

/** Figures of the past are corrected by labels of the past. */
function DrawMore({ onMore }: Pick<BoughtProps, "onMore">) {
  const { t } = useTranslation();
  const problem = useProblemText();
  const [busy, setBusy] = useState(false);
  const draw = async () => {
    setBusy(true);
    try {
      onMore(await drawMoreToLabel());
    } catch (error) {
      showToast({ kind: "error", text: problem(error) });
      setBusy(false);
    }
  };
  return (
    <Button variant="default" title={t("labelling.drawMoreHint")} loading={busy} onClick={() => void draw()}>
      {t("labelling.drawMore")}
    </Button>
  );
}
