import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SourceLedger } from "~/api/types";
import { Sentence } from "../sentence";
import { Time } from "../time";
import css from "./tables.module.css";

const FIRST = 10;

/** The newest items that could not be taken: where, why, and how they began. */
export function Quarantine({ items }: { items: SourceLedger["quarantine"] }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (items.length === 0) return null;
  const shown = all ? items : items.slice(0, FIRST);
  return (
    <section className={`card ${css.card}`}>
      <h2>{t("quarantine.title")}</h2>
      <p className="dim">{t("quarantine.lead")}</p>
      <ul className={css.items}>
        {shown.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two items of one moment may be equal in everything
          <li key={`${item.at}-${item.place}-${index}`}>
            <details>
              <summary>
                <strong>{t(`reason.${item.reason}`)}</strong>
                <span>{item.place}</span>
                <Time at={item.at} className="dim" />
                <p>
                  <Sentence text={item.message} />
                </p>
              </summary>
              <pre>{item.sample}</pre>
            </details>
          </li>
        ))}
      </ul>
      {shown.length < items.length && (
        <button type="button" className={`bare ${css.more}`} onClick={() => setAll(true)}>
          {t("filters.more", { count: items.length - shown.length })}
        </button>
      )}
    </section>
  );
}
