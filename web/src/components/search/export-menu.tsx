import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { createExport, type ExportFormat } from "~/api/archive";
import type { Selection } from "~/lib/selection";
import { Icon } from "../icon";
import { Notice } from "../notice";
import { Popover } from "../popover";
import { useProblemText } from "../use-problem-text";
import css from "./export-menu.module.css";

const FORMATS: ExportFormat[] = ["csv", "xlsx", "jsonl", "parquet"];

interface FormatsProps {
  selection: Selection;
  /** How many rows to expect, where it is known. */
  count: number | undefined;
}

interface ExportMenuProps extends FormatsProps {
  /** The query cannot be read, so there is nothing to export. */
  broken: boolean;
}

/** The found mentions as a file: choose a format, the browser saves it. */
export function ExportMenu({ selection, count, broken }: ExportMenuProps) {
  const { t } = useTranslation();
  return (
    <Popover
      align="end"
      off={broken ? t("search.export.broken") : undefined}
      label={t("search.export.title")}
      button={
        <>
          <Icon name="download" size={15} />
          <span className={css.label}>{t("search.export.title")}</span>
        </>
      }
    >
      {(close) => <Formats selection={selection} count={count} onDone={close} />}
    </Popover>
  );
}

function Formats({ selection, count, onDone }: FormatsProps & { onDone: () => void }) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [format, setFormat] = useState<ExportFormat>("xlsx");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      const ticket = await createExport({ what: "mentions", selection, format });
      save(ticket.url, ticket.file_name);
      onDone();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  return (
    <div className={css.panel}>
      <fieldset className={css.formats}>
        <legend>{t("search.export.format")}</legend>
        {FORMATS.map((one) => (
          <label key={one} className={css.format}>
            <input
              type="radio"
              name="format"
              value={one}
              checked={format === one}
              data-first={format === one || undefined}
              onChange={() => setFormat(one)}
            />
            <span>
              <strong>{one === "jsonl" ? "JSON Lines" : one === "parquet" ? "Parquet" : one.toUpperCase()}</strong>
              <span>{t(`search.export.about.${one}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {error !== null && <Notice kind="error">{problemText(error)}</Notice>}
      <Button loading={busy} leftSection={<Icon name="download" size={15} />} onClick={() => void run()}>
        {count === undefined ? t("search.export.run") : t("search.export.runCount", { count })}
      </Button>
    </div>
  );
}

/** Lets the browser fetch the file by itself: it streams to the disk and shows its own progress. */
function save(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}
