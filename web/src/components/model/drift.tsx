import { useTranslation } from "react-i18next";
import type { DriftWeek } from "~/api/model";
import { day, decimal, number, percent } from "~/lib/format";
import { TONES } from "~/lib/judgement";
import { largestDrift } from "~/lib/model";
import { TONE_SIGNS } from "../tone";
import { useLocale } from "../use-locale";
import css from "./model.module.css";

/** From this many points on a change of the share of negative is worth a word. */
const WORTH_SAYING = 5;

/** What the model says week by week: when it changes, either the world has changed or what is written has. */
export function Drift({ weeks }: { weeks: readonly DriftWeek[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const most = largestDrift(weeks);
  return (
    <section className={`card ${css.card}`}>
      <h2>{t("model.drift")}</h2>
      {weeks.length === 0 ? (
        <p className={css.note}>{t("model.noDrift")}</p>
      ) : (
        <>
          <p className={css.note}>
            {most && Math.abs(most.points) >= WORTH_SAYING
              ? t("model.drifted", {
                  week: day(most.week, locale),
                  points: `${most.points > 0 ? "+" : "−"}${decimal(Math.abs(most.points), locale, 1)}`,
                })
              : t("model.steady")}
          </p>
          <table className={css.drift}>
            <thead>
              <tr>
                <th scope="col">{t("model.week")}</th>
                <th scope="col">
                  <ul className={css.legend}>
                    {TONES.map((tone) => (
                      <li key={tone}>
                        <i data-tone={tone} /> {TONE_SIGNS[tone]} {t(`tone.${tone}`)}
                      </li>
                    ))}
                  </ul>
                </th>
                <th scope="col">{t("model.unsure")}</th>
                <th scope="col">{t("model.mentions")}</th>
              </tr>
            </thead>
            <tbody>
              {weeks.map((week) => (
                <Week key={week.week} week={week} />
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

function Week({ week }: { week: DriftWeek }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const all = Math.max(1, week.negative + week.neutral + week.positive);
  const said = TONES.map((tone) => `${t(`tone.${tone}`)} ${percent(week[tone] / all, locale)}`).join(", ");
  return (
    <tr>
      <th scope="row">{day(week.week, locale)}</th>
      <td title={said}>
        <span className={css.stack} aria-hidden>
          {TONES.map((tone) => (
            <i key={tone} data-tone={tone} style={{ flexGrow: week[tone] }} />
          ))}
        </span>
        <span className="hidden">{said}</span>
      </td>
      <td>{percent(week.unsure / all, locale)}</td>
      <td>{number(week.negative + week.neutral + week.positive, locale)}</td>
    </tr>
  );
}
