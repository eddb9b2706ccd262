import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { compact, number } from "~/lib/format";
import type { Understanding } from "~/lib/questions/shapes";
import { plotHeight, timeChart } from "~/lib/questions/time-chart";
import { bucketName, ticks } from "~/lib/questions/time-labels";
import { asRhythm, intentLines } from "~/lib/questions/understanding";
import { theme } from "~/theme";
import { useLocale } from "../use-locale";
import { useQuestions } from "./context";
import { useDrill } from "./drill";
import { TimePlot } from "./time-plot";
import css from "./understanding.module.css";
import { seriesColors, useChartColors } from "./use-chart-colors";

const TICKS = 9;

/** A line an intent: when complaints rose, and when praise did. */
export function IntentsOverTime({ figures }: { figures: Understanding }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const colors = useChartColors();
  const { zone, choice, choose } = useQuestions();
  const { open } = useDrill();
  const { buckets } = figures.over_time;
  const { unit } = figures.over_time;
  const lines = useMemo(() => {
    const series = seriesColors(colors);
    return intentLines(figures.intents, buckets).map(({ intent, mentions }, index) => ({
      name: t(`intent.${intent}`),
      color: series[index % series.length] ?? colors.accent,
      mentions,
    }));
  }, [figures.intents, buckets, colors, t]);
  const option = useMemo(
    () =>
      timeChart({
        buckets: asRhythm(buckets),
        ticks: ticks(asRhythm(buckets), unit, zone, locale, TICKS),
        bands: [],
        flags: [],
        lines,
        colors,
        count: (value) => compact(value, locale),
        points: (value) => number(value, locale),
        font: (theme.fontFamily ?? "sans-serif").replaceAll('"', "'"),
      }),
    [buckets, unit, zone, locale, lines, colors],
  );
  if (lines.length === 0) return null;
  const nameAt = (index: number) => {
    const bucket = buckets[index];
    return bucket ? bucketName(bucket, unit, zone, locale) : "";
  };
  const take = (first: number, last: number) => {
    const [from, to] = [buckets[Math.min(first, last)], buckets[Math.max(first, last)]];
    if (from && to) choose({ ...choice, period: undefined, from: from.from, to: to.to });
  };

  return (
    <section className={css.time}>
      <h3>{t("understanding.overTime")}</h3>
      <ul className={css.legend}>
        {lines.map((line) => (
          <li key={line.name}>
            <i style={{ background: line.color }} aria-hidden /> {line.name}
          </li>
        ))}
      </ul>
      <TimePlot
        label={t("understanding.overTime")}
        option={option}
        height={plotHeight(false)}
        count={buckets.length}
        textOf={(index) =>
          [nameAt(index), ...lines.map((line) => `${line.name} ${number(line.mentions[index] ?? 0, locale)}`)].join(
            ", ",
          )
        }
        tip={(index) => (
          <div className={css.tip}>
            <strong>{nameAt(index)}</strong>
            <dl>
              {lines.map((line) => (
                <div key={line.name}>
                  <dt>
                    <i style={{ background: line.color }} /> {line.name}
                  </dt>
                  <dd>{number(line.mentions[index] ?? 0, locale)}</dd>
                </div>
              ))}
            </dl>
          </div>
        )}
        onOpen={(index) => {
          const bucket = buckets[index];
          if (bucket) open({ from: bucket.from, to: bucket.to });
        }}
        onStretch={take}
        onZoomIn={(index) => take(index, index)}
        onZoomOut={() => {}}
        onReset={() => {}}
      />
    </section>
  );
}
