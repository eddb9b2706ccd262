import { useTranslation } from "react-i18next";
import { number } from "~/lib/format";
import type { ChartName } from "~/lib/questions/address";
import type { Tones } from "~/lib/questions/shapes";
import { barsDrawing } from "~/lib/questions/svg";
import { useLocale } from "../use-locale";
import { type Bar, BarList, ToneLegend } from "./bar-list";
import { useQuestions } from "./context";
import { type Column, DataTable, type DataTableProps } from "./data-table";
import { ExportMenu } from "./export-menu";
import css from "./lists.module.css";
import { chartColors } from "./use-chart-colors";
import { useToneLegend } from "./use-tone-legend";

/** So many bars are readable; the table has the rest. */
export const MOST_BARS = 10;

interface RankedProps<Row> extends DataTableProps<Row> {
  chart: ChartName;
  bars: readonly Bar[];
  /** What the colours of the bars mean; by tone unless it says something else. */
  legend?: string;
}

/** The first of a ranking as bars, or all of it as a table. */
export function Ranked<Row>({ chart, bars, legend, ...table }: RankedProps<Row>) {
  const { view } = useQuestions();
  if (view.tables.includes(chart)) return <DataTable {...table} />;
  return (
    <>
      <BarList label={table.caption} bars={bars} />
      <div className={css.legend}>{legend === undefined ? <ToneLegend /> : <p>{legend}</p>}</div>
    </>
  );
}

interface BarsExportProps {
  what: "places" | "authors";
  title: string;
  bars: readonly Bar[];
  /** The bars are made of tones. */
  toned: boolean;
}

export function BarsExport({ what, title, bars, toned }: BarsExportProps) {
  const legend = useToneLegend();
  return (
    <ExportMenu
      what={what}
      title={title}
      legend={toned ? legend : undefined}
      draw={() =>
        barsDrawing(
          bars.map((bar) => ({ ...bar, text: `${bar.value} · ${bar.more ?? ""}` })),
          chartColors(),
        )
      }
    />
  );
}

/** A column for each tone that is a judgement. */
export function useToneColumns<Row extends Tones>(): Column<Row>[] {
  const { t } = useTranslation();
  const locale = useLocale();
  return (["negative", "neutral", "positive"] as const).map((tone) => ({
    key: tone,
    title: t(`tone.${tone}`),
    cell: (row) => number(row[tone], locale),
  }));
}
