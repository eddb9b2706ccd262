import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { margin } from "~/lib/estimate";
import { compact, decimal, number } from "~/lib/format";
import { gapBands, gapsWithin } from "~/lib/questions/gap-bands";
import { flagsOf, notesWithin, summaryOf } from "~/lib/questions/rhythm-marks";
import type { Annotation, Rhythm } from "~/lib/questions/shapes";
import { netSentiments, PLOT, plotHeight, TONES_STACKED, type TopicLine, timeChart } from "~/lib/questions/time-chart";
import { bucketName, ticks } from "~/lib/questions/time-labels";
import { stretchOf, zoomedIn, zoomedOut } from "~/lib/questions/zoom";
import { theme } from "~/theme";
import { TONE_SIGNS } from "../tone";
import { useLocale } from "../use-locale";
import { useQuestions } from "./context";
import { Defined } from "./defined";
import { useDrill } from "./drill";
import type { PlotHandle } from "./plot";
import css from "./rhythm.module.css";
import { signed } from "./signed";
import { TimePlot } from "./time-plot";
import { useChartColors } from "./use-chart-colors";

interface RhythmChartProps {
  rhythm: Rhythm;
  notes: readonly Annotation[];
  lines: TopicLine[] | null;
  plot: React.RefObject<PlotHandle | null>;
}

const TICK_PX = 92;

/** Mentions over time, with gaps, notes and the net sentiment: a drag zooms, a press opens the rows. */
export function RhythmChart({ rhythm, notes, lines, plot }: RhythmChartProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const colors = useChartColors();
  const { look, view, selection, now } = useQuestions();
  const { open } = useDrill();
  const { buckets, unit, time_zone: zone, gaps } = rhythm;
  const net = rhythm.estimates?.net_sentiment ?? null;
  const causeName = useCauseName();
  const linesKey = JSON.stringify(lines);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the lines are made anew at every turn; their text tells a change
  const option = useMemo(() => {
    const most = Math.max(2, Math.floor((Math.min(innerWidth, 1280) - PLOT.left - 100) / TICK_PX));
    return timeChart({
      buckets,
      ticks: ticks(buckets, unit, zone, locale, most),
      bands: gapBands(gaps, buckets, now),
      flags: flagsOf(notes, buckets),
      lines,
      net,
      colors,
      count: (value) => compact(value, locale),
      points: (value) => signed(value, locale, 0),
      // The library writes it between double quotes as it stands.
      font: (theme.fontFamily ?? "sans-serif").replaceAll('"', "'"),
    });
  }, [buckets, unit, zone, locale, gaps, now, notes, linesKey, net, colors]);

  const textOf = (index: number): string => {
    const bucket = buckets[index];
    if (!bucket) return "";
    const parts = [
      `${bucketName(bucket, unit, zone, locale)}: ${t("questions.mentionCount", { count: bucket.mentions })}`,
      ...TONES_STACKED.filter((tone) => tone !== "unjudged").map(
        (tone) => `${t(`tone.${tone as "negative"}`)} ${number(bucket[tone], locale)}`,
      ),
      ...(bucket.before === null ? [] : [t("questions.was", { was: number(bucket.before, locale) })]),
      ...gapsWithin(gaps, bucket, now).map((gap) => `${gap.source}: ${causeName(gap.cause)}`),
      ...notesWithin(notes, bucket).map((note) => note.text),
    ];
    return parts.join(", ");
  };

  const { mentions, peak, doubtful } = summaryOf(buckets);
  const summary = [
    t("questions.mentionCount", { count: mentions }),
    peak &&
      t("questions.rhythm.peak", { when: bucketName(peak, unit, zone, locale), value: number(peak.mentions, locale) }),
    doubtful > 0 && t("questions.rhythm.doubtful", { count: doubtful }),
  ].filter(Boolean);

  return (
    <div className={css.chart}>
      {lines === null && (
        <p className={css.netName} style={{ top: PLOT.top + PLOT.height + 10 }}>
          <Defined figure="net_sentiment">{t("questions.rhythm.net")}</Defined>
          {net && (
            <span className={css.band}>
              <i aria-hidden /> {signed(net.value, locale)} ± {decimal(margin(net), locale)}{" "}
              {t("questions.rhythm.band")}
            </span>
          )}
        </p>
      )}
      <TimePlot
        ref={plot}
        label={`${t("questions.rhythm.chart")}. ${summary.join(". ")}`}
        option={option}
        height={plotHeight(lines === null)}
        count={buckets.length}
        textOf={textOf}
        tip={(index) => <Tip rhythm={rhythm} index={index} notes={notes} lines={lines} />}
        onOpen={(index) => {
          const bucket = buckets[index];
          if (bucket) open({ from: bucket.from, to: bucket.to });
        }}
        onStretch={(first, last) => look({ zoom: stretchOf(buckets, first, last), unit: undefined })}
        onZoomIn={(index) => {
          const zoom = zoomedIn(buckets, index);
          if (zoom) look({ zoom, unit: undefined });
        }}
        onZoomOut={() => {
          if (view.zoom) look({ zoom: zoomedOut(view.zoom, selection), unit: undefined });
        }}
        onReset={() => look({ zoom: null, unit: undefined })}
      />
      <p className={css.summary}>{summary.join(" · ")}</p>
    </div>
  );
}

interface TipProps {
  rhythm: Rhythm;
  index: number;
  notes: readonly Annotation[];
  lines: TopicLine[] | null;
}

/** What a bucket holds, beside the pointer. */
function Tip({ rhythm, index, notes, lines }: TipProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { now } = useQuestions();
  const causeName = useCauseName();
  const bucket = rhythm.buckets[index];
  if (!bucket) return null;
  const [net] = netSentiments([bucket]);
  return (
    <div className={css.tip}>
      <strong>{bucketName(bucket, rhythm.unit, rhythm.time_zone, locale)}</strong>
      <dl>
        {lines?.map((line) => (
          <div key={line.name}>
            <dt>
              <i style={{ background: line.color }} /> {line.name}
            </dt>
            <dd>{number(line.mentions[index] ?? 0, locale)}</dd>
          </div>
        ))}
        <div className={css.total}>
          <dt>{t("questions.columns.mentions")}</dt>
          <dd>{number(bucket.mentions, locale)}</dd>
        </div>
        {!lines &&
          TONES_STACKED.map((tone) => (
            <div key={tone}>
              <dt>
                <i data-tone={tone} />{" "}
                {tone === "unjudged" ? t("tone.none") : `${TONE_SIGNS[tone]} ${t(`tone.${tone}`)}`}
              </dt>
              <dd>{number(bucket[tone], locale)}</dd>
            </div>
          ))}
        {!lines && net != null && (
          <div>
            <dt>{t("questions.figures.net")}</dt>
            <dd>{signed(net, locale)}</dd>
          </div>
        )}
        {bucket.before !== null && (
          <div>
            <dt>{t("questions.columns.before")}</dt>
            <dd>{number(bucket.before, locale)}</dd>
          </div>
        )}
      </dl>
      {gapsWithin(rhythm.gaps, bucket, now)
        .slice(0, 3)
        .map((gap) => (
          <p key={`${gap.source_id} ${gap.from}`} className={css.tipGap}>
            ▨ {gap.source}: {causeName(gap.cause)}
          </p>
        ))}
      {notesWithin(notes, bucket)
        .slice(0, 3)
        .map((note) => (
          <p key={note.id} className={css.tipNote}>
            ⚑ {note.text}
          </p>
        ))}
    </div>
  );
}

function useCauseName(): (cause: string) => string {
  const { t } = useTranslation();
  return (cause) => t(`gapCause.${cause}` as "gapCause.failing");
}
