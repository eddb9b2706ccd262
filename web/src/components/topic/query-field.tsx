import { type UIEvent, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Diagnostic } from "~/api/types";
import { fixed, place, underlines } from "~/lib/query-text";
import type { useQueryCheck } from "~/state/use-query-check";
import { Icon } from "../icon";
import { Sentence } from "../sentence";
import { useProblemText } from "../use-problem-text";
import css from "./query-field.module.css";

interface QueryFieldProps {
  value: string;
  checked: ReturnType<typeof useQueryCheck>;
  onChange: (query: string) => void;
}

/** The query with its faults underlined, each with what to write instead, and the query in plain words. */
export function QueryField({ value, checked, onChange }: QueryFieldProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const layer = useRef<HTMLPreElement>(null);
  const { check, current, blank } = checked;
  const diagnostics = blank ? [] : (check.data?.diagnostics ?? []);
  const explanation = blank ? null : check.data?.explanation;

  const follow = (event: UIEvent<HTMLTextAreaElement>) => {
    if (!layer.current) return;
    layer.current.scrollTop = event.currentTarget.scrollTop;
    layer.current.scrollLeft = event.currentTarget.scrollLeft;
  };

  const goTo = (diagnostic: Diagnostic) => {
    field.current?.focus();
    field.current?.setSelectionRange(diagnostic.start, diagnostic.end);
  };

  const fix = (diagnostic: Diagnostic) => {
    const next = fixed(value, diagnostic);
    onChange(next.query);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(next.caret, next.caret);
    });
  };

  return (
    <div className={css.wrap}>
      <label className={css.label} htmlFor={id}>
        {t("editor.query")}
      </label>
      <div className={css.box} data-bad={current && diagnostics.some((one) => one.severity === "error")}>
        <pre ref={layer} className={css.layer} aria-hidden>
          {current ? <Underlined query={value} diagnostics={diagnostics} /> : value}
          {"\n"}
        </pre>
        <textarea
          ref={field}
          id={id}
          className={css.field}
          value={value}
          rows={7}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          placeholder={t("editor.queryPlaceholder")}
          aria-describedby={`${id}-explanation ${id}-faults`}
          aria-invalid={current && check.data?.valid === false}
          onChange={(event) => onChange(event.currentTarget.value)}
          onScroll={follow}
        />
      </div>
      <ul id={`${id}-faults`} className={css.faults} aria-live="polite">
        {check.isError && !blank && (
          <li data-severity="error">
            <Icon name="warning" size={15} />
            <span>
              <Sentence text={problemText(check.error)} />
            </span>
            <button type="button" className={css.fix} onClick={() => void check.refetch()}>
              {t("common.retry")}
            </button>
          </li>
        )}
        {current &&
          diagnostics.map((diagnostic) => (
            <li key={`${diagnostic.code}-${diagnostic.start}-${diagnostic.end}`} data-severity={diagnostic.severity}>
              <Icon
                name={diagnostic.severity === "error" ? "stop" : "warning"}
                size={15}
                label={t(`editor.${diagnostic.severity}`)}
              />
              <button type="button" className={`bare ${css.fault}`} onClick={() => goTo(diagnostic)}>
                <span className={css.place}>{place(value, diagnostic.start)}</span>
                <Sentence text={diagnostic.message} />
              </button>
              {diagnostic.replacement !== null && (
                <button type="button" className={css.fix} onClick={() => fix(diagnostic)}>
                  {diagnostic.replacement === ""
                    ? t("editor.remove")
                    : t("editor.write", { text: diagnostic.replacement })}
                </button>
              )}
            </li>
          ))}
      </ul>
      <p id={`${id}-explanation`} className={css.explanation} data-stale={!current}>
        {explanation ? <Sentence text={explanation} /> : blank ? t("editor.queryHint") : ""}
      </p>
    </div>
  );
}

function Underlined({ query, diagnostics }: { query: string; diagnostics: Diagnostic[] }) {
  let at = 0;
  return underlines(query, diagnostics).map((piece) => {
    const key = at;
    at += piece.text.length;
    return piece.severity ? (
      <span key={key} className={css[piece.severity]}>
        {piece.text}
      </span>
    ) : (
      <span key={key}>{piece.text}</span>
    );
  });
}
