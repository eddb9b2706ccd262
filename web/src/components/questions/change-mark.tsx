import { useTranslation } from "react-i18next";
import { decimal, number, rough } from "~/lib/format";
import { change } from "~/lib/questions/compare";
import { useLocale } from "../use-locale";
import css from "./volume.module.css";

interface ChangeMarkProps {
  now: number | null;
  before: number | null | undefined;
  /** Points of a hundred: their difference says more than its share. */
  points?: boolean;
  /** More is better, so a rise is green and a fall red; without it neither is. */
  better?: boolean;
  /** What stood there before, in words. */
  was: string;
  /** The change is no more than the error of the figures. */
  uncertain?: boolean;
}

const FULL = { up: "▲", down: "▼", same: "=" } as const;
/** A change that may be chance. */
const HOLLOW = { up: "△", down: "▽", same: "=" } as const;

/** `▲ 12 %`: how a figure moved against the compared stretch; the arrow says the way without its colour. */
export function ChangeMark({ now, before, points = false, better = false, was, uncertain = false }: ChangeMarkProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (now === null || before === null || before === undefined) return null;
  const { difference, share } = change(now, before);
  const rounded = points ? Math.round(difference * 10) / 10 : difference;
  const way = rounded > 0 ? "up" : rounded < 0 ? "down" : "same";
  const size = points
    ? t("questions.points", { value: decimal(Math.abs(rounded), locale) })
    : share === null
      ? number(Math.abs(difference), locale)
      : rough(Math.abs(share), locale);
  const said = [t("questions.was", { was }), uncertain && t("questions.uncertain")].filter(Boolean).join(", ");
  return (
    <span
      className={css.change}
      data-way={way}
      data-better={better && !uncertain}
      data-uncertain={uncertain}
      title={said}
    >
      <span aria-hidden>{(uncertain ? HOLLOW : FULL)[way]}</span>
      <span className="hidden">{t(`questions.way.${way}`)}</span> {way === "same" ? t("questions.same") : size}
      <span className="hidden">, {said}</span>
    </span>
  );
}
