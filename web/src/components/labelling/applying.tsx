import { useTranslation } from "react-i18next";
import type { Draft } from "~/lib/labelling";
import { applyPreference } from "~/state/preferences";
import { useStore } from "~/state/store";
import type { Game } from "~/state/use-labelling";
import { Icon } from "../icon";
import { TONE_SIGNS } from "../tone";
import css from "./applying.module.css";

/** The answer before, and the choice to set answers on the mentions themselves. There is none before the first answer. */
export function Applying({ game }: { game: Game }) {
  const { t } = useTranslation();
  const on = useStore(applyPreference) === "on";
  const said = useSaid();
  const last = game.past.at(-1);
  if (!last) return null;
  const state = game.applied.get(last.card.audit_id) ?? "no";
  return (
    <div className={css.applying}>
      <p className={css.last}>
        <span className="dim">{t("labelling.last")}</span> {last.skipped ? t("labelling.skipped") : said(last.draft)}
        <span role="status" className={css.state} data-state={state}>
          {!last.skipped && state === "yes" && (
            <>
              <Icon name="check" size={13} /> {t("labelling.applied")}
            </>
          )}
          {!last.skipped && state === "failed" && (
            <>
              <Icon name="warning" size={13} /> {t("labelling.notApplied")}
            </>
          )}
        </span>
      </p>
      <label className={css.apply} title={t("labelling.applyHint")}>
        <input type="checkbox" checked={on} onChange={() => game.press({ go: "apply" })} />
        {t("labelling.apply")} <kbd aria-hidden>M</kbd>
      </label>
    </div>
  );
}

/** What was said, in a few words. */
function useSaid(): (draft: Draft) => string {
  const { t } = useTranslation();
  return ({ tone, intents, stage, spam, relevant }) =>
    relevant
      ? [
          tone && `${TONE_SIGNS[tone]} ${t(`tone.${tone}`)}`,
          ...intents.map((intent) => t(`intent.${intent}`)),
          stage && t(`stage.${stage}`),
          spam && t("spam.mark"),
        ]
          .filter(Boolean)
          .join(" · ")
      : t("labelling.irrelevant");
}
