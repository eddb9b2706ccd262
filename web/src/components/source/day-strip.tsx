import { useTranslation } from "react-i18next";
import type { Gap, LedgerHour } from "~/api/types";
import { HOURS, lastDay, stretch } from "~/lib/day-strip";
import { clock, number } from "~/lib/format";
import { useLocale, useNow } from "../use-locale";
import css from "./sources.module.css";

const WIDTH = 480;
const HEIGHT = 36;
const STEP = WIDTH / HOURS;

interface DayStripProps {
  hours: LedgerHour[];
  gaps: Gap[];
  /** Makes the pattern's name unique on the page. */
  id: string;
}

/** Items an hour over the last day; gaps are hatched, so that they are seen without colour. */
export function DayStrip({ hours, gaps, id }: DayStripProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const day = lastDay(hours, now);
  const from = day[0]?.at ?? now;
  const to = from + HOURS * 3_600_000;
  const shown = gaps.flatMap((gap) => {
    const place = stretch({ ...gap, to: gap.to ?? new Date(now).toISOString() }, from, to);
    return place ? [{ gap, place }] : [];
  });
  const total = day.reduce((sum, hour) => sum + hour.received, 0);
  const iso = (at: number) => new Date(at).toISOString();

  return (
    <div>
      <svg
        className={css.strip}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t("strip.label", { count: total, gaps: t("strip.gaps", { count: shown.length }) })}
      >
        <defs>
          <pattern id={`hatch-${id}`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="2.500" height="6" fill="var(--m-negative)" opacity="0.7" />
          </pattern>
        </defs>
        <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--m-line-strong)" />
        {day.map((hour, index) => {
          const height = hour.received === 0 ? 0 : Math.max(2, hour.share * (HEIGHT - 4));
          return (
            <rect
              key={hour.at}
              x={index * STEP + 1}
              y={HEIGHT - 1 - height}
              width={STEP - 2}
              height={height}
              rx="1"
              fill="var(--m-series-stored)"
              opacity={index === HOURS - 1 ? 0.6 : 1}
            >
              <title>
                {t("strip.hour", {
                  from: clock(iso(hour.at), locale),
                  count: hour.received,
                  shown: number(hour.received, locale),
                })}
              </title>
            </rect>
          );
        })}
        {shown.map(({ gap, place }) => (
          <rect
            key={gap.from}
            x={place.start * WIDTH}
            y="0"
            width={Math.max(3, (place.end - place.start) * WIDTH)}
            height={HEIGHT}
            fill={`url(#hatch-${id})`}
          >
            <title>{t("strip.gap", { cause: t(`gapCause.${gap.cause}`) })}</title>
          </rect>
        ))}
      </svg>
      <div className={css.stripLegend}>
        <span>{clock(iso(from), locale)}</span>
        {shown.length > 0 && <span className={css.gapMark}>▨ {t("strip.gaps", { count: shown.length })}</span>}
        <span>{t("strip.now")}</span>
      </div>
    </div>
  );
}
