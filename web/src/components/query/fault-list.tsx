import { useTranslation } from "react-i18next";
import type { Stretch } from "~/lib/query/spans";
import { place } from "~/lib/query-text";
import type { useQueryCheck } from "~/state/use-query-check";
import { Icon } from "../icon";
import { Sentence } from "../sentence";
import { useProblemText } from "../use-problem-text";
import css from "./faults.module.css";

/** More faults than a person would read; the rest shows once these are gone. */
const MOST = 20;

interface FaultListProps {
  id: string;
  query: string;
  checked: ReturnType<typeof useQueryCheck>;
  onGo: (span: Stretch) => void;
  onFix: (span: Stretch, text: string) => void;
}

/** What is wrong, each with its place and what to write instead. */
export function FaultList({ id, query, checked, onGo, onFix }: FaultListProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const { check, current, blank } = checked;
  const diagnostics = blank || !current ? [] : (check.data?.diagnostics ?? []);
  return (
    <ul id={id} className={css.faults} aria-live="polite">
      {check.isError && !blank && (
        <li data-severity="error">
          <Icon name="warning" size={15} />
          <span className={css.fault}>
            <Sentence text={problemText(check.error)} />
          </span>
          <button type="button" className={css.fix} onClick={() => void check.refetch()}>
            {t("common.retry")}
          </button>
        </li>
      )}
      {diagnostics.slice(0, MOST).map((diagnostic) => (
        <li key={`${diagnostic.code}-${diagnostic.start}-${diagnostic.end}`} data-severity={diagnostic.severity}>
          <Icon
            name={diagnostic.severity === "error" ? "stop" : "warning"}
            size={15}
            label={t(`editor.${diagnostic.severity}`)}
          />
          <button type="button" className={`bare ${css.fault}`} onClick={() => onGo(diagnostic)}>
            <span className={css.place}>{place(query, diagnostic.start)}</span>
            <Sentence text={diagnostic.message} />
          </button>
          {diagnostic.replacement !== null && (
            <button type="button" className={css.fix} onClick={() => onFix(diagnostic, diagnostic.replacement ?? "")}>
              {diagnostic.replacement === "" ? t("editor.remove") : t("editor.write", { text: diagnostic.replacement })}
            </button>
          )}
        </li>
      ))}
      {diagnostics.length > MOST && (
        <li className={css.more}>{t("query.moreFaults", { count: diagnostics.length - MOST })}</li>
      )}
    </ul>
  );
}
