import { useTranslation } from "react-i18next";
import type { Labelling } from "~/api/labelling";
import { day, decimal, percent } from "~/lib/format";
import { agreementWord } from "~/lib/labelling";
import { useLocale } from "../use-locale";
import css from "./standing.module.css";

/** How often, how much two people agree, and how good the model was week by week. */
export function Standing({ labelling }: { labelling: Labelling }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { round, streak_weeks, agreement } = labelling;
  const kappa = agreement.tone ?? null;
  return (
    <dl className={css.standing}>
      <div>
        <dt>{t("labelling.streak")}</dt>
        <dd>{t("labelling.weeks", { count: streak_weeks })}</dd>
      </div>
      {round && (
        <div>
          <dt>{t("labelling.together")}</dt>
          <dd>{t("labelling.ofRound", { done: round.answered, all: round.size })}</dd>
        </div>
      )}
      <div>
        <dt title={t("labelling.agreementHint")}>{t("labelling.agreement")}</dt>
        <dd>
          {kappa === null
            ? t("labelling.noAgreement")
            : `${t(`labelling.agrees.${agreementWord(kappa)}`)} (κ = ${decimal(kappa, locale, 2)})`}
        </dd>
      </div>
    </dl>
  );
}

const MOST_WEEKS = 8;

/** The weeks before: answers, and how often the model was right. */
export function Weeks({ history }: { history: Labelling["history"] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (history.length === 0) return null;
  return (
    <table className={css.weeks}>
      <caption>{t("labelling.weeksBefore")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("labelling.week")}</th>
          <th scope="col">{t("labelling.answers")}</th>
          <th scope="col">{t("labelling.modelRight")}</th>
        </tr>
      </thead>
      <tbody>
        {history.slice(0, MOST_WEEKS).map((one) => (
          <tr key={one.week}>
            <th scope="row">{day(one.week, locale)}</th>
            <td>{t("labelling.ofRound", { done: one.answered, all: one.size })}</td>
            <td>{one.accuracy_of_model?.tone == null ? "—" : percent(one.accuracy_of_model.tone, locale)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
