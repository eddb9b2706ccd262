import { Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { importQuery } from "~/api/operations";
import type { Dialect, ImportNote } from "~/api/types";
import { place } from "~/lib/query-text";
import { useRested } from "~/state/use-query-check";
import { Answers, Dialog } from "../dialog";
import { Icon } from "../icon";
import { Notice } from "../notice";
import { Segments } from "../segments";
import { Sentence } from "../sentence";
import { useLocale } from "../use-locale";
import { useProblemText } from "../use-problem-text";
import faults from "./faults.module.css";
import css from "./import.module.css";

const DIALECTS: Record<Dialect, string> = {
  brandwatch: "Brandwatch",
  youscan: "YouScan",
  talkwalker: "Talkwalker",
  meltwater: "Meltwater",
};
const REST_MS = 400;
const LONGEST = 100_000;

interface ImportDialogProps {
  opened: boolean;
  onClose: () => void;
  onTake: (query: string) => void;
}

/** A query of another product becomes one of ours; what could not come along is said where it stood. */
export function ImportDialog({ opened, onClose, onTake }: ImportDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog opened={opened} onClose={onClose} title={t("bring.title")} size={920}>
      <ImportForm onClose={onClose} onTake={onTake} />
    </Dialog>
  );
}

function ImportForm({ onClose, onTake }: Omit<ImportDialogProps, "opened">) {
  const { t } = useTranslation();
  const locale = useLocale();
  const problemText = useProblemText();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [dialect, setDialect] = useState<Dialect>("brandwatch");
  const [foreign, setForeign] = useState("");
  const rested = useRested(foreign, REST_MS);
  const blank = foreign.trim() === "";
  const result = useQuery({
    queryKey: ["query-import", locale, dialect, rested],
    queryFn: ({ signal }) => importQuery({ query: rested, dialect }, signal),
    enabled: rested.trim() !== "",
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });
  const current = rested === foreign && result.data !== undefined && !result.isPlaceholderData;
  const shown = blank ? undefined : result.data;

  const goTo = (note: ImportNote) => {
    field.current?.focus();
    field.current?.setSelectionRange(note.start, note.end);
  };

  return (
    <>
      <p className={css.lead}>{t("bring.lead")}</p>
      <div className={css.products}>
        <Segments
          label={t("bring.from")}
          value={dialect}
          options={Object.entries(DIALECTS).map(([value, label]) => ({ value, label }))}
          onChange={(value) => setDialect(value as Dialect)}
        />
      </div>
      <div className={css.columns}>
        <div className={css.column}>
          <label className={css.label} htmlFor={`${id}-foreign`}>
            {t("bring.foreign", { product: DIALECTS[dialect] })}
          </label>
          <textarea
            ref={field}
            id={`${id}-foreign`}
            className={css.text}
            value={foreign}
            maxLength={LONGEST}
            spellCheck={false}
            autoCapitalize="off"
            data-autofocus
            onChange={(event) => setForeign(event.currentTarget.value)}
          />
        </div>
        <div className={css.column}>
          <span className={css.label} id={`${id}-result`}>
            {t("bring.result")}
          </span>
          <pre
            className={css.text}
            data-stale={!current}
            role="region"
            aria-labelledby={`${id}-result`}
            aria-busy={result.isFetching}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
            tabIndex={0}
          >
            {shown?.query ?? <span className="dim">{t("bring.resultHint")}</span>}
          </pre>
        </div>
      </div>
      <div className={css.said} aria-live="polite">
        {result.isError && !blank && <Notice kind="error">{problemText(result.error)}</Notice>}
        {current && shown && shown.notes.length === 0 && shown.diagnostics.length === 0 && (
          <Notice kind="good">{t("bring.whole")}</Notice>
        )}
        {current && shown && shown.notes.length > 0 && (
          <>
            <h3>{t("bring.notes", { count: shown.notes.length })}</h3>
            <ul className={`${faults.faults} ${css.notes}`}>
              {shown.notes.map((note) => (
                <li
                  key={`${note.start}-${note.end}-${note.message}`}
                  data-severity={note.severity === "lost" ? "error" : "warning"}
                >
                  <Icon
                    name={note.severity === "lost" ? "stop" : "warning"}
                    size={15}
                    label={t(`bring.severity.${note.severity}`)}
                  />
                  <button type="button" className={`bare ${faults.fault}`} onClick={() => goTo(note)}>
                    <span className={faults.place}>{place(foreign, note.start)}</span>
                    {tellsMore(note, foreign) && <code>{note.written} </code>}
                    <Sentence text={note.message} />
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
        {current && shown && shown.diagnostics.length > 0 && (
          <Notice kind="warning">{t("bring.faults", { count: shown.diagnostics.length })}</Notice>
        )}
      </div>
      <Answers>
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button disabled={!current || !shown?.query.trim()} onClick={() => shown && onTake(shown.query)}>
          {t("bring.take")}
        </Button>
      </Answers>
    </>
  );
}

/** Whether the foreign text says which place is meant: not when the sentence has it already or the whole query is meant. */
function tellsMore(note: ImportNote, foreign: string): boolean {
  return !note.message.includes(note.written) && note.end - note.start < foreign.trim().length;
}
