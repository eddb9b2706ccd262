import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { understandingQuery } from "~/api/questions";
import type { Estimate } from "~/api/types";
import type { Understanding } from "~/api/understanding";
import { number, percent } from "~/lib/format";
import { isAudited, longest } from "~/lib/questions/understanding";
import type { Selection } from "~/lib/selection";
import { EstimatedShare, Whisker } from "../estimate";
import { Segments } from "../segments";
import { TONE_SIGNS } from "../tone";
import { useLocale } from "../use-locale";
import { type Bar, BarList } from "./bar-list";
import { useQuestions } from "./context";
import { DataTable } from "./data-table";
import { IntentsOverTime } from "./intents-over-time";
import { LargestStories } from "./largest-stories";
import { Nothing, Panel, TableSwitch } from "./panel";
import { TrustStrip } from "./trust-strip";
import css from "./understanding.module.css";

const PARTS = ["tones", "intents", "stages", "spam"] as const;
type Part = (typeof PARTS)[number];

/** One share: as counted, and as corrected by what people labelled. */
interface Row {
  key: string;
  name: string;
  mentions: number;
  share: number | null;
  estimate?: Estimate | null;
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
      height={420}
      tools={<TableSwitch chart="understanding" />}
      trust={<TrustStrip />}
    >
      {(figures) => {
        const rows = rowsOf(figures, part);
        if (rowsOf(figures, "tones").every((row) => row.mentions === 0)) return <Nothing />;
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
            {!isAudited(figures) && <Unlabelled />}
            {view.tables.includes("understanding") ? (
              <Table caption={t(`understanding.parts.${part}`)} rows={rows} />
            ) : (
              <Bars label={t(`understanding.parts.${part}`)} rows={rows} />
            )}
            {isAudited(figures) && <p className={css.key}>{t("understanding.key")}</p>}
            {figures.over_time.buckets.length > 1 && <IntentsOverTime figures={figures} />}
            {figures.stories.length > 0 && <LargestStories stories={figures.stories} />}
          </>
        );
      }}
    </Panel>
  );
}

/** Nobody has labelled: what that means, and where to. */
function Unlabelled() {
  const { t } = useTranslation();
  return (
    <p className={css.unlabelled}>
      <span>{t("understanding.unlabelled")}</span>
      <Link to="/labelling" className={css.label}>
        {t("understanding.label")}
      </Link>
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
          key: one.stage ?? "none",
          name: t(`stage.${one.stage ?? "none"}`),
          part: { stage: [one.stage ?? "none"] },
        }));
      case "spam":
        return [
          {
            ...figures.spam,
            key: "spam",
            name: t("spam.mark"),
            part: { spam: ["yes"] },
          },
        ];
    }
  };
}

function Bars({ label, rows }: { label: string; rows: readonly Row[] }) {
  const locale = useLocale();
  const most = longest(rows);
  const bars: Bar[] = rows.map((row) => ({
    key: row.key,
    label: row.name,
    name: <span>{row.name}</span>,
    length: (row.share ?? 0) / most,
    over: row.estimate ? <Whisker estimate={row.estimate} most={most} /> : undefined,
    value: <EstimatedShare share={row.share} estimate={row.estimate ?? null} />,
    more: number(row.mentions, locale),
    part: row.part,
  }));
  return <BarList label={label} bars={bars} />;
}

function Table({ caption, rows }: { caption: string; rows: readonly Row[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const share = (value: number | null | undefined): ReactNode => (value == null ? "—" : percent(value, locale));
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
        { key: "value", title: t("understanding.corrected"), cell: (row) => share(row.estimate?.value) },
        {
          key: "interval",
          title: t("understanding.interval"),
          cell: ({ estimate }) =>
            estimate ? `${percent(estimate.low, locale)} – ${percent(estimate.high, locale)}` : "—",
        },
        {
          key: "audited",
          title: t("understanding.audited"),
          cell: ({ estimate }) => (estimate ? number(estimate.audited, locale) : "—"),
        },
      ]}
    />
  );
}
