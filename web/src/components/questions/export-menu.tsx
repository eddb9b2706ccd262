import { useState } from "react";
import { useTranslation } from "react-i18next";
import { createExport, type ExportDraft } from "~/api/questions";
import type { Stretch, Unit } from "~/lib/questions/shapes";
import { type Drawing, framed, type Legend } from "~/lib/questions/svg";
import type { Selection } from "~/lib/selection";
import { showToast } from "~/state/toasts";
import { theme } from "~/theme";
import { Icon } from "../icon";
import { Popover } from "../popover";
import { useLocale } from "../use-locale";
import { useProblemText } from "../use-problem-text";
import { useQuestions } from "./context";
import css from "./export-menu.module.css";
import { follow, pngOf, saveFile } from "./save-file";
import { chartColors } from "./use-chart-colors";

interface ExportMenuProps {
  /** What the rows of the file are. */
  what: ExportDraft["what"];
  title: string;
  /** The chart as it stands; `null` while it is not drawn. */
  draw: () => Drawing | null;
  legend?: () => Legend[];
  selection?: Selection;
  unit?: Unit;
  compare?: Stretch | null;
}

const FORMATS = ["csv", "xlsx", "jsonl", "parquet"] as const;

/** Takes the chart away as a drawing, or its rows as a file. */
export function ExportMenu({ what, title, draw, legend, selection, unit, compare }: ExportMenuProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const page = useQuestions();
  const problem = useProblemText();
  const [busy, setBusy] = useState(false);

  const name = (kind: string) => `molva-${what}-${new Date(page.now).toISOString().slice(0, 10)}.${kind}`;

  const drawing = async (kind: "svg" | "png") => {
    const drawn = draw();
    if (!drawn) return;
    const at = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: page.zone });
    const svg = framed({
      title,
      subtitle: page.title,
      note: t("questions.export.note", { at: at.format(page.now), zone: page.zone }),
      legend: legend?.() ?? [],
      drawing: drawn,
      colors: chartColors(),
      font: theme.fontFamily ?? "sans-serif",
    });
    saveFile(name(kind), kind === "svg" ? new Blob([svg], { type: "image/svg+xml" }) : await pngOf(svg));
  };

  const rows = async (format: ExportDraft["format"]) => {
    const body: ExportDraft = { what, format, selection: selection ?? page.selection };
    if (unit) body.unit = unit;
    if (compare) body.compare = compare;
    const made = await createExport(body);
    follow(made.url, made.file_name);
    showToast({ kind: "done", text: t("questions.export.started", { name: made.file_name }) });
  };

  const run = (action: () => Promise<void>, close: () => void) => async () => {
    setBusy(true);
    try {
      await action();
    } catch (error) {
      showToast({ kind: "error", text: problem(error) });
    }
    setBusy(false);
    close();
  };

  return (
    <Popover
      align="end"
      label={t("questions.export.label", { title })}
      className={css.opener}
      button={
        <>
          <Icon name="bring" size={15} />
          <span>{t("questions.export.open")}</span>
        </>
      }
    >
      {(close) => (
        <div className={css.menu} aria-busy={busy}>
          <h3>{t("questions.export.chart")}</h3>
          <div className={css.row}>
            {(["svg", "png"] as const).map((kind) => (
              <button key={kind} type="button" disabled={busy} onClick={run(() => drawing(kind), close)}>
                {kind.toUpperCase()}
              </button>
            ))}
          </div>
          <h3>{t("questions.export.rows")}</h3>
          <div className={css.row}>
            {FORMATS.map((format) => (
              <button key={format} type="button" disabled={busy} onClick={run(() => rows(format), close)}>
                {format === "parquet" ? "Parquet" : format.toUpperCase()}
              </button>
            ))}
          </div>
        </div>
      )}
    </Popover>
  );
}
