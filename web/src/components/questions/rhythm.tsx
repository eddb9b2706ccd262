import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { annotationsQuery, rhythmQuery } from "~/api/questions";
import { compact, number, percent } from "~/lib/format";
import { comparedPart } from "~/lib/questions/compare";
import { gapBands, gapsWithin } from "~/lib/questions/gap-bands";
import { flagsOf, notesWithin, summaryOf } from "~/lib/questions/rhythm-marks";
import type { Annotation, Bucket, Rhythm } from "~/lib/questions/shapes";
import { foreignDrawing, type Legend } from "~/lib/questions/svg";
import { netSentiments, PLOT, plotHeight, TONES_STACKED, type TopicLine, timeChart } from "~/lib/questions/time-chart";
import { bucketName, stretchName, ticks } from "~/lib/questions/time-labels";
import { stretchOf, zoomedIn, zoomedOut } from "~/lib/questions/zoom";
import type { Selection } from "~/lib/selection";
import { theme } from "~/theme";
import { TONE_SIGNS } from "../tone";
import { useLocale } from "../use-locale";
import { Annotations } from "./annotations";
import { ToneLegend } from "./bar-list";
import { useQuestions } from "./context";
import { DataTable } from "./data-table";
import { Defined } from "./defined";
import { useDrill } from "./drill";
import { ExportMenu } from "./export-menu";
import { HeatMap } from "./heat-map";
import { Nothing, Panel, TableSwitch } from "./panel";
import type { PlotHandle } from "./plot";
import css from "./rhythm.module.css";
import { signed } from "./signed";
import { TimePlot } from "./time-plot";
import { TrustStrip } from "./trust-strip";
import { type ChartColors, seriesColors, useChartColors } from "./use-chart-colors";
import { ZoomBar } from "./zoom-bar";

/** How much is said, and how often: over time, by tone, by the hours of the week. */
export function RhythmPanel() {
  const { t } = useTranslation();
  const locale = useLocale();
  const colors = useChartColors();
  const page = useQuestions();
  const { selection, view, beside } = page;
  const plot = useRef<PlotHandle>(null);
  const box = useRef<HTMLDivElement>(null);

  const shown: Selection = view.zoom ? { ...selection, ...view.zoom } : selection;
  const compared = view.zoom ? comparedPart(view.zoom, selection, page.compared) : page.compared;
  const query = useQuery(rhythmQuery(shown, compared, view.unit));
  const notes = useQuery(annotationsQuery({ from: shown.from, to: shown.to })).data ?? [];
  const lines = useTopicLines(shown, query.data, colors);
  const height = plotHeight(beside.length === 0);

  const legend = (): Legend[] => {
    const marks = lines
      ? lines.map(({ name, color }) => ({ color, text: name }))
      : [
          ...TONES_STACKED.map((tone) => ({
            color: colors[tone],
            text: tone === "unjudged" ? `? ${t("tone.none")}` : `${TONE_SIGNS[tone]} ${t(`tone.${tone}`)}`,
          })),
          { color: colors.accent, text: t("questions.rhythm.net") },
        ];
    if (compared && !lines) marks.push({ color: colors.before, text: stretchName(compared, page.zone, locale) });
    if (query.data?.gaps.length) marks.push({ color: colors.gap, text: t("questions.rhythm.gapKey") });
    return marks;
  };

  return (
    <Panel
      number={2}
      id="rhythm"
      title={t("questions.rhythm.title")}
      hint={t("questions.rhythm.hint")}
      query={query}
      height={height + 320}
      tools={
        <>
          <TableSwitch chart="rhythm" />
          <ExportMenu
            what="rhythm"
            title={t("questions.rhythm.chart")}
            selection={shown}
            unit={query.data?.unit}
            compare={compared}
            legend={legend}
            draw={() => {
              const svg = plot.current?.svg();
              return svg ? foreignDrawing(svg, box.current?.clientWidth ?? 800, height) : null;
            }}
          />
        </>
      }
      trust={<TrustStrip selection={shown} />}
    >
      {(rhythm) => (
        <>
          <ZoomBar
            unit={rhythm.unit}
            zone={rhythm.time_zone}
            whole={stretchOf(rhythm.buckets, 0, rhythm.buckets.length - 1)}
          />
          <div className={css.legend}>
            {lines ? (
              <TopicLegend lines={lines} />
            ) : (
              <ToneLegend before={compared && stretchName(compared, rhythm.time_zone, locale)} />
            )}
            {rhythm.gaps.length > 0 && (
              <span className={css.gapKey}>
                <span className={css.hatch} aria-hidden /> {t("questions.rhythm.gapKey")}
              </span>
            )}
          </div>
          {view.tables.includes("rhythm") ? (
            <RhythmTable rhythm={rhythm} />
          ) : (
            <div ref={box}>
              <RhythmChart rhythm={rhythm} notes={notes} lines={lines} plot={plot} />
            </div>
          )}
          {summaryOf(rhythm.buckets).mentions === 0 && <Nothing />}
          <div className={css.lower}>
            <HeatMap rhythm={rhythm} selection={shown} />
            <Annotations notes={notes} zone={rhythm.time_zone} buckets={rhythm.buckets} />
          </div>
        </>
      )}
    </Panel>
  );
}

/** The chosen topics as a line each, when they are set side by side. */
function useTopicLines(shown: Selection, rhythm: Rhythm | undefined, colors: ChartColors): TopicLine[] | null {
  const { beside } = useQuestions();
  const unit = rhythm?.unit;
  const answers = useQueries({
    queries: beside.map((topic) => ({
      ...rhythmQuery({ ...shown, topic: [topic.id] }, null, unit),
      enabled: unit !== undefined,
    })),
  });
  if (beside.length === 0) return null;
  const palette = seriesColors(colors);
  return beside.map((topic, index) => ({
    name: topic.name,
    color: palette[index % palette.length] as string,
    mentions: answers[index]?.data?.buckets.map((bucket) => bucket.mentions) ?? [],
  }));
}

interface RhythmChartProps {
  rhythm: Rhythm;
  notes: readonly Annotation[];
  lines: TopicLine[] | null;
  plot: React.RefObject<PlotHandle | null>;
}

const TICK_PX = 92;

function RhythmChart({ rhythm, notes, lines, plot }: RhythmChartProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const colors = useChartColors();
  const { look, view, selection, now } = useQuestions();
  const { open } = useDrill();
  const { buckets, unit, time_zone: zone, gaps } = rhythm;
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
      colors,
      count: (value) => compact(value, locale),
      points: (value) => signed(value, locale, 0),
      // The library writes it between double quotes as it stands.
      font: (theme.fontFamily ?? "sans-serif").replaceAll('"', "'"),
    });
  }, [buckets, unit, zone, locale, gaps, now, notes, linesKey, colors]);

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

function TopicLegend({ lines }: { lines: TopicLine[] }) {
  return (
    <ul className={css.topics}>
      {lines.map((line, index) => (
        <li key={line.name}>
          <svg width="26" height="8" aria-hidden>
            <line
              x1="0"
              x2="26"
              y1="4"
              y2="4"
              stroke={line.color}
              strokeWidth="2"
              strokeDasharray={["", "5 4", "2 3", "8 3 2 3", "3 3", "12 4"][index % 6]}
            />
          </svg>
          {line.name}
        </li>
      ))}
    </ul>
  );
}

function RhythmTable({ rhythm }: { rhythm: Rhythm }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { now } = useQuestions();
  const rows = [...rhythm.buckets].reverse();
  const compared = rows.some((bucket) => bucket.before !== null);
  const figure = (tone: (typeof TONES_STACKED)[number]) => ({
    key: tone,
    title: tone === "unjudged" ? t("tone.none") : t(`tone.${tone}`),
    cell: (bucket: Bucket) => number(bucket[tone], locale),
  });
  return (
    <DataTable
      caption={t("questions.rhythm.chart")}
      rows={rows}
      keyOf={(bucket) => bucket.from}
      partOf={(bucket) => ({ from: bucket.from, to: bucket.to })}
      columns={[
        {
          key: "when",
          title: t("questions.columns.when"),
          cell: (bucket) => bucketName(bucket, rhythm.unit, rhythm.time_zone, locale),
        },
        {
          key: "mentions",
          title: t("questions.columns.mentions"),
          figure: "bucket_mentions",
          cell: (bucket) => number(bucket.mentions, locale),
        },
        ...TONES_STACKED.map(figure),
        {
          key: "net",
          title: t("questions.figures.net"),
          figure: "net_sentiment",
          cell: (bucket) => {
            const [net] = netSentiments([bucket]);
            return net == null ? "—" : signed(net, locale);
          },
        },
        {
          key: "negative-share",
          title: t("questions.columns.negativeShare"),
          cell: (bucket) => (bucket.mentions > 0 ? percent(bucket.negative / bucket.mentions, locale) : "—"),
        },
        ...(compared
          ? [
              {
                key: "before",
                title: t("questions.columns.before"),
                figure: "bucket_before",
                cell: (bucket: Bucket) => (bucket.before === null ? "—" : number(bucket.before, locale)),
              },
            ]
          : []),
        {
          key: "gap",
          title: t("questions.columns.gap"),
          figure: "gap",
          words: true,
          cell: (bucket) =>
            bucket.gap
              ? `▨ ${gapsWithin(rhythm.gaps, bucket, now)
                  .map((gap) => gap.source)
                  .join(", ")}`
              : "",
        },
      ]}
    />
  );
}
