import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Lexeme, QueryCheck, QueryWord } from "~/api/types";
import { likeliest } from "~/lib/query/forms";
import { at } from "~/lib/query/spans";
import css from "./beside.module.css";

/** Forms in sight before a press shows the rest. */
const SHOWN = 16;

interface WordFormsProps {
  check: QueryCheck | undefined;
  current: boolean;
  cursor: number;
  onExact: (word: QueryWord) => void;
}

/** Every form that the word under the cursor finds, and where that knowledge comes from. */
export function WordForms({ check, current, cursor, onExact }: WordFormsProps) {
  const { t } = useTranslation();
  const shown = useRef<QueryWord | null>(null);
  // Between the keystroke and its answer the word of before stays, so that nothing flickers.
  if (current) shown.current = at(check?.words ?? [], cursor);
  const word = shown.current;

  return (
    <section className={css.panel} data-stale={!current} aria-label={t("forms.title")}>
      {word === null ? (
        <p className={css.hint}>{t("forms.hint")}</p>
      ) : (
        <>
          <div className={css.panelHead}>
            <h2>
              {t("forms.of")} <code>{word.written}</code>
            </h2>
            <button type="button" className={css.small} disabled={!current} onClick={() => onExact(word)}>
              {t("forms.exact")}
            </button>
          </div>
          {word.lexemes.map((lexeme) => (
            <LexemeForms
              key={`${lexeme.language}-${lexeme.lemma}-${lexeme.origin}`}
              lexeme={lexeme}
              written={word.written}
            />
          ))}
        </>
      )}
    </section>
  );
}

function LexemeForms({ lexeme, written }: { lexeme: Lexeme; written: string }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const forms = likeliest(lexeme.forms, lexeme.lemma);
  const shown = all ? forms : forms.slice(0, SHOWN);
  const hidden = forms.length - shown.length;
  const more = lexeme.forms_total - lexeme.forms.length;
  const origin = lexeme.origin === "guessed" || lexeme.origin === "rules" ? "info" : "neutral";
  return (
    <div className={css.lexeme}>
      <p className={css.lemma}>
        {lexeme.lemma !== written.toLocaleLowerCase() && <strong>{lexeme.lemma}</strong>}
        {lexeme.language && <span>{t(`forms.language.${lexeme.language}`)}</span>}
        <span className={css.origin} data-origin={origin} title={t(`forms.originHint.${lexeme.origin}`)}>
          {t(`forms.origin.${lexeme.origin}`)}
        </span>
      </p>
      <ul className={css.chips}>
        {shown.map((form) => (
          <li key={form} lang={lexeme.language ?? undefined}>
            {form}
          </li>
        ))}
        {hidden > 0 && (
          <li className={css.more}>
            <button type="button" className="bare" onClick={() => setAll(true)}>
              {t("forms.more", { count: hidden + more })}
            </button>
          </li>
        )}
        {hidden === 0 && more > 0 && <li className={css.more}>{t("forms.more", { count: more })}</li>}
      </ul>
    </div>
  );
}
