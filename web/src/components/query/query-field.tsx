import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { queryLanguageQuery } from "~/api/queries";
import type { Stretch } from "~/lib/query/spans";
import { effectsPreference } from "~/state/preferences";
import { useStore } from "~/state/store";
import { showToast } from "~/state/toasts";
import type { useQueryCheck } from "~/state/use-query-check";
import { useTidy } from "~/state/use-tidy";
import { Icon } from "../icon";
import { Sentence } from "../sentence";
import { useLocale } from "../use-locale";
import type { EditorHandle } from "./code-editor";
import { CostNotice } from "./cost-notice";
import { Effects } from "./effects";
import { FaultList } from "./fault-list";
import { ImportDialog } from "./import-dialog";
import { LanguageHelp } from "./language-help";
import { hasErrors, QueryEditor } from "./query-editor";
import css from "./query-field.module.css";
import { WordForms } from "./word-forms";

interface QueryFieldProps {
  value: string;
  checked: ReturnType<typeof useQueryCheck>;
  onChange: (query: string) => void;
  /** Only the query, its faults and what it means. */
  plain?: boolean;
}

/** The query with its faults underlined, and beside it what it means, which forms it finds and what each part does. */
export function QueryField({ value, checked, onChange, plain = false }: QueryFieldProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const id = useId();
  const editor = useRef<EditorHandle>(null);
  const [cursor, setCursor] = useState(0);
  const [pointed, setPointed] = useState<Stretch | null>(null);
  const [helping, setHelping] = useState(false);
  const [importing, setImporting] = useState(false);
  const language = useQuery(queryLanguageQuery(locale)).data;
  const { check, current, blank } = checked;
  const explanation = blank ? null : check.data?.explanation;
  const pinned = useStore(effectsPreference) === "on" && !plain && !blank;
  const tidy = useTidy(value, onChange);

  // The place that is pointed at belongs to the text it was told for.
  useEffect(() => {
    if (!current) setPointed(null);
  }, [current]);

  return (
    <div className={css.wrap}>
      <div className={css.head}>
        <span className={css.label} id={`${id}-label`}>
          {t("editor.query")}
        </span>
        {!plain && (
          <>
            <button
              type="button"
              className={css.tool}
              disabled={blank || tidy.busy}
              title={`${t("query.tidyHint")} (Shift+Alt+F)`}
              onClick={tidy.run}
            >
              <Icon name="tidy" size={15} /> {t("query.tidy")}
            </button>
            <button
              type="button"
              className={css.tool}
              aria-label={t("query.bring")}
              title={t("query.bring")}
              onClick={() => setImporting(true)}
            >
              <Icon name="bring" size={15} />
              <span className={css.long}>{t("query.bring")}</span>
              <span className={css.short}>{t("query.bringShort")}</span>
            </button>
            <button
              type="button"
              className={css.tool}
              aria-label={t("query.help")}
              title={t("query.help")}
              onClick={() => setHelping(true)}
            >
              <span aria-hidden>?</span>
            </button>
          </>
        )}
      </div>
      <div className={css.box} data-bad={hasErrors(checked)} data-pinned={pinned}>
        <QueryEditor
          id={id}
          handle={editor}
          value={value}
          checked={checked}
          language={language}
          label={t("editor.query")}
          placeholder={t("editor.queryPlaceholder")}
          waiting={css.waiting}
          pointed={pointed}
          onChange={onChange}
          onCursor={setCursor}
          onTidy={tidy.run}
        />
      </div>
      <span id={`${id}-keys`} className="hidden">
        {t("query.keys")}
      </span>
      <FaultList
        id={`${id}-faults`}
        query={value}
        checked={checked}
        onGo={(span) => editor.current?.select(span)}
        onFix={(span, text) => editor.current?.replace(span, text)}
      />
      <p id={`${id}-explanation`} className={css.explanation}>
        {explanation ? <Sentence text={explanation} /> : blank ? t("editor.queryHint") : ""}
      </p>
      {!plain && !blank && (
        <>
          <CostNotice cost={check.data?.cost ?? null} />
          {check.data?.valid !== false && (
            <WordForms
              check={check.data}
              current={current}
              cursor={cursor}
              onExact={(word) => editor.current?.replace({ start: word.start, end: word.start }, "=")}
            />
          )}
          <Effects
            query={value}
            valid={current ? (check.data?.valid ?? null) : null}
            onPoint={setPointed}
            onGo={(span) => editor.current?.select(span)}
          />
        </>
      )}
      {!plain && <LanguageHelp language={language} opened={helping} onClose={() => setHelping(false)} />}
      {!plain && (
        <ImportDialog
          opened={importing}
          onClose={() => setImporting(false)}
          onTake={(query) => {
            onChange(query);
            setImporting(false);
            showToast({ kind: "done", text: t("bring.taken"), undo: () => onChange(value) });
          }}
        />
      )}
    </div>
  );
}
