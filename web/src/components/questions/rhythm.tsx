import { useQueries, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { annotationsQuery, rhythmQuery } from "~/api/questions";
import { comparedPart } from "~/lib/questions/compare";
import { summaryOf, tonesOf } from "~/lib/questions/rhythm-marks";
import type { Rhythm } from "~/lib/questions/shapes";
import { foreignDrawing, type Legend } from "~/lib/questions/svg";
import { plotHeight, TONES_STACKED, type TopicLine } from "~/lib/questions/time-chart";
import { stretchName } from "~/lib/questions/time-labels";
import { stretchOf } from "~/lib/questions/zoom";
import type { Selection } from "~/lib/selection";
import { TONE_SIGNS } from "../tone";
import { useLocale } from "../use-locale";
import { Annotations } from "./annotations";
import { ToneLegend } from "./bar-list";
import { useQuestions } from "./context";
import { ExportMenu } from "./export-menu";
import { HeatMap } from "./heat-map";
import { Nothing, Panel, TableSwitch } from "./panel";
import type { PlotHandle } from "./plot";
import css from "./rhythm.module.css";
import { RhythmChart } from "./rhythm-chart";
import { RhythmTable } from "./rhythm-table";
import { ToneShares } from "./tone-shares";
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
    if (query.data?.estimates?.net_sentiment && !lines) {
      marks.push({ color: colors.text, text: `${t("questions.rhythm.net")}, ${t("questions.rhythm.band")}` });
    }
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
          {!lines && (
            <ToneShares
              brief
              title={t("questions.rhythm.together")}
              tones={tonesOf(rhythm.buckets)}
              estimates={rhythm.estimates}
              selection={shown}
            />
          )}
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
