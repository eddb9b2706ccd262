import { useTranslation } from "react-i18next";
import type { Stretch, Unit } from "~/lib/questions/shapes";
import { UNITS } from "~/lib/questions/shapes";
import { stretchName } from "~/lib/questions/time-labels";
import { unitFits } from "~/lib/questions/unit-fits";
import { zoomedOut } from "~/lib/questions/zoom";
import { Icon } from "../icon";
import { useLocale } from "../use-locale";
import { useQuestions } from "./context";
import css from "./rhythm.module.css";

/** What part of the period is shown, in what steps, and the ways out of it. */
export function ZoomBar({ unit, zone, whole }: { unit: Unit; zone: string; whole: Stretch | null }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { view, look, selection, choice, choose } = useQuestions();
  const { zoom } = view;
  return (
    <div className={css.zoomBar}>
      <label className={css.unit}>
        <span>{t("questions.rhythm.step")}</span>
        <select
          className="field"
          value={view.unit ?? ""}
          onChange={(event) => look({ unit: UNITS.find((one) => one === event.currentTarget.value) })}
        >
          <option value="">{t("questions.rhythm.auto", { unit: t(`questions.units.${unit}`) })}</option>
          {UNITS.map((one) => (
            <option key={one} value={one} disabled={whole !== null && !unitFits(one, whole)}>
              {t(`questions.units.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {zoom ? (
        <>
          <strong className={css.zoomName}>{stretchName(zoom, zone, locale)}</strong>
          <button
            type="button"
            className={css.zoomButton}
            onClick={() => look({ zoom: zoomedOut(zoom, selection), unit: undefined })}
          >
            <Icon name="zoom_out" size={14} /> {t("questions.rhythm.out")}
          </button>
          <button
            type="button"
            className={css.zoomButton}
            onClick={() => choose({ ...choice, period: undefined, from: zoom.from, to: zoom.to })}
          >
            <Icon name="calendar" size={14} /> {t("questions.rhythm.wholePage")}
          </button>
          <button type="button" className={css.zoomButton} onClick={() => look({ zoom: null, unit: undefined })}>
            <Icon name="close" size={14} /> {t("questions.rhythm.reset")}
          </button>
        </>
      ) : (
        <span className={css.help}>{t("questions.rhythm.help")}</span>
      )}
    </div>
  );
}
