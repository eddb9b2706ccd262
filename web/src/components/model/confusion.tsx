import { useTranslation } from "react-i18next";
import { number, percent } from "~/lib/format";
import { TONES } from "~/lib/judgement";
import { accuracy, confusionRows } from "~/lib/model";
import { TONE_SIGNS } from "../tone";
import { useLocale } from "../use-locale";
import css from "./model.module.css";

/** What people said of the tone, against what the model said. */
export function Confusion({ confusion }: { confusion: number[][] | null }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const rows = confusionRows(confusion ?? []);
  const right = accuracy(confusion ?? []);
  return (
    <section className={`card ${css.card}`}>
      <h2>{t("model.confusion")}</h2>
      {right === null ? (
        <p className={css.note}>{t("model.noConfusion")}</p>
      ) : (
        <>
          <p className={css.note}>{t("model.confusionHint", { share: percent(right, locale) })}</p>
          <table className={css.confusion}>
            <thead>
              <tr>
                <td />
                {TONES.map((tone) => (
                  <th key={tone} scope="col">
                    <small>{t("model.modelSaid")}</small>
                    {TONE_SIGNS[tone]} {t(`tone.${tone}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {TONES.map((tone, index) => (
                <tr key={tone}>
                  <th scope="row">
                    <small>{t("model.peopleSaid")}</small>
                    {TONE_SIGNS[tone]} {t(`tone.${tone}`)}
                  </th>
                  {TONES.map((other, column) => {
                    const share = rows[index]?.shares[column] ?? 0;
                    return (
                      <td key={other} data-right={index === column} data-step={Math.round(share * 4)}>
                        <strong>{percent(share, locale)}</strong>
                        <small>{number(confusion?.[index]?.[column] ?? 0, locale)}</small>
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
