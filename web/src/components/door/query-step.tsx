import { Button, Switch } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Suggestion } from "~/api/types";
import { composeQuery } from "~/lib/query-text";
import { useQueryCheck } from "~/state/use-query-check";
import { QueryField } from "../query/query-field";
import css from "./door.module.css";

interface QueryStepProps {
  suggestion: Suggestion;
  query: string;
  skip: ReactNode;
  onQuery: (query: string) => void;
  onBack: () => void;
  onNext: () => void;
}

/** What is proposed for the brand: spellings on, exclusions on, each with its reason; the text stays editable. */
export function QueryStep({ suggestion, query, skip, onQuery, onBack, onNext }: QueryStepProps) {
  const { t } = useTranslation();
  const [spellings, setSpellings] = useState<ReadonlySet<string>>(() => new Set(suggestion.spellings));
  const [exclusions, setExclusions] = useState<ReadonlySet<string>>(() => included(suggestion));
  const checked = useQueryCheck(query);

  const toggleSpelling = (spelling: string) => {
    const next = flipped(spellings, spelling);
    if (next.size === 0) return;
    setSpellings(next);
    onQuery(composeQuery(suggestion, next, exclusions));
  };
  const toggleExclusion = (clause: string) => {
    const next = flipped(exclusions, clause);
    setExclusions(next);
    onQuery(composeQuery(suggestion, spellings, next));
  };

  return (
    <>
      <p className={css.lead}>{t("welcome.query.lead")}</p>
      <section className={css.group}>
        <h2>{t("welcome.query.spellings")}</h2>
        <div className={css.switches} data-flow>
          {suggestion.spellings.map((spelling) => (
            <Switch
              key={spelling}
              label={spelling}
              checked={spellings.has(spelling)}
              onChange={() => toggleSpelling(spelling)}
            />
          ))}
        </div>
      </section>
      {suggestion.exclusions.length > 0 && (
        <section className={css.group}>
          <h2>{t("welcome.query.exclusions")}</h2>
          <div className={css.switches}>
            {suggestion.exclusions.map(({ clause, reason }) => (
              <Switch
                key={clause}
                label={reason}
                description={clause}
                checked={exclusions.has(clause)}
                onChange={() => toggleExclusion(clause)}
              />
            ))}
          </div>
        </section>
      )}
      <QueryField plain value={query} checked={checked} onChange={onQuery} />
      <div className={css.foot}>
        {skip}
        <Button variant="default" onClick={onBack}>
          {t("common.back")}
        </Button>
        <Button disabled={checked.blank || checked.check.data?.valid === false} onClick={onNext}>
          {t("common.next")}
        </Button>
      </div>
    </>
  );
}

/** The exclusions that the proposed query already holds. */
function included(suggestion: Suggestion): Set<string> {
  return new Set(
    suggestion.exclusions.map(({ clause }) => clause).filter((clause) => suggestion.query.includes(clause)),
  );
}

function flipped(values: ReadonlySet<string>, value: string): ReadonlySet<string> {
  const next = new Set(values);
  if (!next.delete(value)) next.add(value);
  return next;
}
