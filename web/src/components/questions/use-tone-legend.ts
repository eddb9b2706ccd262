import { useTranslation } from "react-i18next";
import type { Legend } from "~/lib/questions/svg";
import { TONES_STACKED } from "~/lib/questions/time-chart";
import { TONE_SIGNS } from "../tone";
import { chartColors } from "./use-chart-colors";

/** What the colours of a drawing say, a sign and a word each. */
export function useToneLegend(): () => Legend[] {
  const { t } = useTranslation();
  return () => {
    const colors = chartColors();
    return TONES_STACKED.map((tone) => ({
      color: colors[tone],
      text: tone === "unjudged" ? `? ${t("tone.none")}` : `${TONE_SIGNS[tone]} ${t(`tone.${tone}`)}`,
    }));
  };
}
