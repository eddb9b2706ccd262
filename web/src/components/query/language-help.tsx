import { useTranslation } from "react-i18next";
import type { QueryLanguage } from "~/api/types";
import { Dialog } from "../dialog";
import { Sentence } from "../sentence";
import css from "./language-help.module.css";

interface LanguageHelpProps {
  language: QueryLanguage | undefined;
  opened: boolean;
  onClose: () => void;
}

/** All that may stand in a query, by example. */
export function LanguageHelp({ language, opened, onClose }: LanguageHelpProps) {
  const { t } = useTranslation();
  const fields = language?.fields.filter(({ stage }) => stage === "post") ?? [];
  return (
    <Dialog opened={opened} onClose={onClose} title={t("query.help")} size={760}>
      <p className={css.keys}>{t("query.keys")}</p>
      <h3>{t("query.helpWords")}</h3>
      <dl className={css.list}>
        {language?.operators.map(({ write, about }) => (
          <div key={write}>
            <dt>
              <code>{write}</code>
            </dt>
            <dd>
              <Sentence text={about} />
            </dd>
          </div>
        ))}
      </dl>
      <h3>{t("query.helpFields")}</h3>
      <dl className={css.list}>
        {fields.map(({ name, about, examples, values }) => (
          <div key={name}>
            <dt>
              {examples.map((example) => (
                <code key={example}>{example}</code>
              ))}
            </dt>
            <dd>
              <Sentence text={about} />
              {values.length > 0 && <span className={css.values}>{values.join(" · ")}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
