import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { understandingQuery } from "~/api/questions";
import type { Estimate } from "~/api/types";
import { decimal, number, percent } from "~/lib/format";
import type { Understanding } from "~/lib/questions/shapes";
import { longest } from "~/lib/questions/understanding";
import type { Selection } from "~/lib/selection";
import { EstimatedShare, Whisker } from "../estimate";
import { Segments } from "../segments";
import { TONE_SIGNS } from "../tone";
import { useLocale } from "../use-locale";
import { type Bar, BarList } from "./bar-list";
import { ChangeMark } from "./change-mark";
import { useQuestions } from "./context";
import { type Column, DataTable } from "./data-table";
import { Defined } from "./defined";
import { Drill } from "./drill";
import { EstimateNote } from "./estimate-note";
import { IntentsOverTime } from "./intents-over-time";
import { LargestStories } from "./largest-stories";
import { Nothing, Panel, TableSwitch } from "./panel";
import { signed } from "./signed";
import { TrustStrip } from "./trust-strip";
import css from "./understanding.module.css";

const PARTS = ["tones", "intents", "stages", "spam"] as const;
type Part = (typeof PARTS)[number];

/** One share: as counted, as corrected by what people labelled, and as it was in the compared stretch. */
interface Row {
  key: string;
  name: string;
  mentions: number;
  share: number | null;
  estimate: Estimate | null;
  before: { mentions: number; share: number | null } | null;
  part: Selection;
}

/** What is meant: tones, intents, stages and spam with their error, over time, and the largest stories. */
export function UnderstandingPanel() {
  const { t } = useTranslation();
  const { selection, compared, view } = useQuestions();
  const [part, setPart] = useState<Part>("tones");
  const query = useQuery(understandingQuery(selection, compared));
  const rowsOf = useRows();

  return (
    <Panel
      number={6}
      id="understanding"
      title={t("understanding.title")}
      hint={t("understanding.hint")}
      query={query}
      height={720}
      tools={<TableSwitch chart="understanding" />}
      trust={<TrustStrip />}
    >
      {(figures) => {
        const rows = rowsOf(figures, part);
        if (figures.mentions === 0) return <Nothing />;
        return (
          <>
            <div className={css.tabs}>
              <Segments
                label={t("understanding.part")}
                value={part}
                options={PARTS.map((value) => ({ value, label: t(`understanding.parts.${value}`) }))}
                onChange={(value) => setPart(value as Part)}
              />
            </div>
            {part === "tones" && <Net net={figures.net_sentiment} />}
            {view.tables.includes("understanding") ? (
              <Table caption={t(`understanding.parts.${part}`)} rows={rows} />
            ) : (
              <Bars label={t(`understanding.parts.${part}`)} rows={rows} />
            )}
            <Without figures={figures} part={part} />
            <EstimateNote estimates={rows.map(({ estimate }) => estimate)} />
            {figures.over_time.buckets.length > 1 && <IntentsOverTime figures={figures} />}
            {figures.stories.length > 0 && <LargestStories stories={figures.stories} />}
          </>
        );
      }}
    </Panel>
  );
}

/** Positive less negative, of a hundred mentions. */
function Net({ net }: { net: Understanding["net_sentiment"] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <p className={css.net}>
      <span className="dim">
        <Defined figure="net_sentiment">{t("questions.figures.net")}</Defined>
      </span>
      <EstimatedShare share={net.value} estimate={net.estimate} points />
      <ChangeMark
        points
        better
        now={net.value}
        before={net.before}
        was={net.before === null ? "" : signed(net.before, locale)}
      />
    </p>
  );
}

/** Mentions that none of the bars hold. */
function Without({ figures, part }: { figures: Understanding; part: Part }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const rest: Partial<Record<Part, [number, string, Selection]>> = {
    tones: [figures.unjudged, t("tone.none"), { tone: ["none"] }],
    intents: [figures.without_intent, t("intent.none"), { intent: ["none"] }],
    stages: [figures.without_stage, t("stage.none"), { stage: ["none"] }],
  };
  const [mentions, name, selection] = rest[part] ?? [0, "", {}];
  if (mentions === 0) return null;
  return (
    <p className={css.without}>
      <Drill part={selection}>
        {name}: {number(mentions, locale)} ({percent(mentions / figures.mentions, locale)})
      </Drill>
    </p>
  );
}

function useRows(): (figures: Understanding, part: Part) => Row[] {
  const { t } = useTranslation();
  return (figures, part) => {
    switch (part) {
      case "tones":
        return figures.tones.map((one) => ({
          ...one,
          key: one.tone,
          name: `${TONE_SIGNS[one.tone]} ${t(`tone.${one.tone}`)}`,
          part: { tone: [one.tone] },
        }));
      case "intents":
        return figures.intents.map((one) => ({
          ...one,
          key: one.intent,
          name: t(`intent.${one.intent}`),
          part: { intent: [one.intent] },
        }));
      case "stages":
        return figures.stages.map((one) => ({
          ...one,
          key: one.stage,
          name: t(`stage.${one.stage}`),
          part: { stage: [one.stage] },
        }));
      case "spam":
        return [{ ...figures.spam, key: "spam", name: t("spam.mark"), part: { spam: ["yes"] } }];
    }
  };
}

/** Nobody said it, now or before: not worth a bar. */
function isEmpty({ mentions, before }: Row): boolean {
  return mentions === 0 && !before?.mentions;
}

function Bars({ label, rows }: { label: string; rows: readonly Row[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const most = longest(rows);
  const empty = rows.filter(isEmpty);
  const bars: Bar[] = rows
    .filter((row) => !isEmpty(row))
    .map((row) => ({
      key: row.key,
      label: row.name,
      name: <span>{row.name}</span>,
      length: (row.share ?? 0) / most,
      before: row.before?.mentions ? (row.before.share ?? 0) / most : null,
      over: row.estimate ? <Whisker estimate={row.estimate} most={most} /> : undefined,
      value: (
        <span className={css.value}>
          <EstimatedShare share={row.share} estimate={row.estimate} />
          <Change row={row} />
        </span>
      ),
      more: number(row.mentions, locale),
      part: row.part,
    }));
  return (
    <>
      <BarList label={label} bars={bars} roomy />
      {empty.length > 0 && (
        <p className={css.key}>{t("understanding.nobody", { names: empty.map(({ name }) => name).join(", ") })}</p>
      )}
      {rows.some(({ before }) => before) && (
        <p className={css.key}>
          <span className={css.tick} aria-hidden /> {t("questions.volume.tick")}
        </p>
      )}
    </>
  );
}

/** The counted share against the counted one: the compared stretch has no corrected ones. */
function Change({ row: { mentions, share, before } }: { row: Row }) {
  const locale = useLocale();
  if (!before || share === null || mentions + before.mentions === 0) return null;
  return (
    <ChangeMark
      points
      now={share * 100}
      before={before.share === null ? null : before.share * 100}
      was={before.share === null ? "" : percent(before.share, locale)}
    />
  );
}

function Table({ caption, rows }: { caption: string; rows: readonly Row[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const share = (value: number | null | undefined) => (value == null ? "—" : percent(value, locale));
  const compared: Column<Row>[] = [
    { key: "before", title: t("questions.columns.before"), cell: ({ before }) => share(before?.share) },
    { key: "change", title: t("understanding.change"), cell: (row) => <Change row={row} /> },
  ];
  return (
    <DataTable
      caption={caption}
      rows={rows}
      keyOf={(row) => row.key}
      partOf={(row) => row.part}
      columns={[
        { key: "name", title: caption, cell: (row) => row.name },
        { key: "mentions", title: t("questions.columns.mentions"), cell: (row) => number(row.mentions, locale) },
        { key: "share", title: t("understanding.counted"), cell: (row) => share(row.share) },
        ...(rows.some(({ before }) => before) ? compared : []),
        { key: "value", title: t("understanding.corrected"), cell: (row) => share(row.estimate?.value) },
        {
          key: "interval",
          title: t("understanding.interval"),
          cell: ({ estimate }) =>
            estimate ? `${decimal(estimate.low * 100, locale)} – ${percent(estimate.high, locale)}` : "—",
        },
        {
          key: "audited",
          title: t("understanding.audited"),
          cell: ({ estimate }) => (estimate ? number(estimate.audited, locale) : "—"),
        },
        {
          key: "covered",
          title: t("understanding.covered"),
          cell: ({ estimate }) => share(estimate?.covered),
        },
      ]}
    />
  );
}
