import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { queryLanguageQuery } from "~/api/queries";
import type { QueryLanguage } from "~/api/types";
import type { useQueryCheck } from "~/state/use-query-check";
import { useTidy } from "~/state/use-tidy";
import { PAGE_QUERY } from "../frame/search-box";
import { Icon } from "../icon";
import type { EditorHandle } from "../query/code-editor";
import { FaultList } from "../query/fault-list";
import { LanguageHelp } from "../query/language-help";
import { hasErrors, QueryEditor } from "../query/query-editor";
import { Sentence } from "../sentence";
import { useLocale } from "../use-locale";
import css from "./query-box.module.css";

interface QueryBoxProps {
  value: string;
  checked: ReturnType<typeof useQueryCheck>;
  /** How many the query would find as it stands, when it differs from what is shown. */
  outlook: string | null;
  onChange: (query: string) => void;
  /** Enter, or the button. */
  onSubmit: () => void;
  /** What else belongs to the search as a whole. */
  children: ReactNode;
}

/** The query of a search: the topics' editor in a line or a few; Enter searches. */
export function QueryBox({ value, checked, outlook, onChange, onSubmit, children }: QueryBoxProps) {
  const { t } = useTranslation();
  const id = useId();
  const editor = useRef<EditorHandle>(null);
  const [helping, setHelping] = useState(false);
  const language = useWholeLanguage();
  const tidy = useTidy(value, onChange);
  const { check, blank } = checked;
  const explanation = blank ? "" : (check.data?.explanation ?? "");

  return (
    <search className={css.wrap} id={PAGE_QUERY}>
      <div className={css.line}>
        <div className={css.box} data-bad={hasErrors(checked)}>
          <Icon name="search" className={css.glass} />
          <div className={css.editor}>
            <QueryEditor
              id={id}
              handle={editor}
              value={value}
              checked={checked}
              language={language}
              label={t("search.query.label")}
              placeholder={t("search.query.placeholder")}
              waiting={css.waiting}
              onChange={onChange}
              onTidy={tidy.run}
              onSubmit={onSubmit}
            />
          </div>
          {value !== "" && (
            <button
              type="button"
              className={css.tool}
              aria-label={t("search.query.clear")}
              title={t("search.query.clear")}
              onClick={() => {
                onChange("");
                editor.current?.select({ start: 0, end: 0 });
              }}
            >
              <Icon name="close" size={14} />
            </button>
          )}
          <button
            type="button"
            className={css.tool}
            aria-label={t("query.help")}
            title={t("query.help")}
            onClick={() => setHelping(true)}
          >
            <span aria-hidden>?</span>
          </button>
        </div>
        <Button className={css.run} aria-label={t("search.query.run")} onClick={onSubmit}>
          <Icon name="search" className={css.runMark} />
          <span className={css.runText}>{t("search.query.run")}</span>
        </Button>
      </div>
      <span id={`${id}-keys`} className="hidden">
        {t("search.query.keys")}
      </span>
      <FaultList
        id={`${id}-faults`}
        query={value}
        checked={checked}
        onGo={(span) => editor.current?.select(span)}
        onFix={(span, text) => editor.current?.replace(span, text)}
      />
      <div className={css.below}>
        <p id={`${id}-explanation`} className={css.explanation} title={explanation}>
          {explanation && <Sentence text={explanation} />}
        </p>
        <p className={css.outlook} role="status">
          {outlook}
        </p>
        <div className={css.tools}>{children}</div>
      </div>
      <LanguageHelp language={language} opened={helping} onClose={() => setHelping(false)} />
    </search>
  );
}

/** The language with all its fields: in a search those may stand too that are known only once a post is stored. */
function useWholeLanguage(): QueryLanguage | undefined {
  const language = useQuery(queryLanguageQuery(useLocale())).data;
  return useMemo(
    () => language && { ...language, fields: language.fields.map((field) => ({ ...field, stage: "post" as const })) },
    [language],
  );
}
