import { Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ChartName } from "~/lib/questions/address";
import type { Told } from "~/lib/questions/shapes";
import { Icon } from "../icon";
import { Notice } from "../notice";
import { ArchiveLine } from "../search/archive-line";
import { useProblemText } from "../use-problem-text";
import { useQuestions } from "./context";
import css from "./panel.module.css";

interface PanelProps<T> {
  /** The place among the five questions; a part of a question has none. */
  number?: number;
  id: string;
  title: string;
  hint: string;
  query: UseQueryResult<T>;
  tools?: ReactNode;
  trust?: ReactNode;
  /** Height of what is awaited, so that nothing jumps when it comes. */
  height: number;
  children: (data: T) => ReactNode;
}

/** One question: its answer, or what is awaited, or what went wrong with it alone. */
export function Panel<T extends Partial<Told>>({
  number,
  id,
  title,
  hint,
  query,
  tools,
  trust,
  height,
  children,
}: PanelProps<T>) {
  const { t } = useTranslation();
  return (
    <section className={`card ${css.panel}`} aria-labelledby={`${id}-title`} id={id} aria-busy={query.isFetching}>
      <div className={css.head}>
        {number !== undefined && (
          <span className={css.number} aria-hidden>
            {number}
          </span>
        )}
        <div className={css.titles}>
          <h2 id={`${id}-title`}>{title}</h2>
          <p className={css.hint}>{hint}</p>
        </div>
        {query.isFetching && query.data && <span className={css.updating}>{t("questions.updating")}</span>}
        <div className={css.tools}>{query.data && tools}</div>
      </div>
      <Answered query={query} height={height}>
        {(data) => (
          <div className={`${css.body} renews`} data-stale={query.isPlaceholderData}>
            <Reserves told={data} />
            {children(data)}
          </div>
        )}
      </Answered>
      {trust}
    </section>
  );
}

interface AnsweredProps<T> {
  query: UseQueryResult<T>;
  height: number;
  children: (data: T) => ReactNode;
}

/** An answer, its skeleton, or its own error with a way to try again. */
export function Answered<T>({ query, height, children }: AnsweredProps<T>) {
  const { t } = useTranslation();
  const problem = useProblemText();
  if (query.isError && (!query.data || query.isPlaceholderData)) {
    return (
      <div className={css.broken}>
        <Notice kind="error">{problem(query.error)}</Notice>
        <Button
          size="compact-md"
          variant="default"
          loading={query.isFetching}
          leftSection={<Icon name="retry" size={14} />}
          onClick={() => void query.refetch()}
        >
          {t("common.retry")}
        </Button>
      </div>
    );
  }
  if (query.data === undefined) {
    return (
      <div className={css.skeleton} style={{ height }} role="status">
        <span className="hidden">{t("common.loading")}</span>
        <i />
        <i />
        <i />
      </div>
    );
  }
  return children(query.data);
}

/** What the figures do not hold yet, or could not read. */
function Reserves({ told }: { told: Partial<Told> }) {
  const { incomplete = null, missing = [] } = told;
  if (!incomplete && missing.length === 0) return null;
  return (
    <div className={css.reserves}>
      <ArchiveLine state={{ incomplete, missing }} />
    </div>
  );
}

/** Shows a chart as its table, and back. */
export function TableSwitch({ chart }: { chart: ChartName }) {
  const { t } = useTranslation();
  const { view, look } = useQuestions();
  const on = view.tables.includes(chart);
  const name = t(on ? "questions.asChart" : "questions.asTable");
  return (
    <button
      type="button"
      className={css.tool}
      aria-pressed={on}
      title={name}
      onClick={() => look({ tables: on ? view.tables.filter((one) => one !== chart) : [...view.tables, chart] })}
    >
      <Icon name="table" size={15} />
      <span>{t("questions.table")}</span>
    </button>
  );
}

/** Nothing was found: why that may be, and the next step. */
export function Nothing() {
  const { t } = useTranslation();
  const { choice, choose } = useQuestions();
  const dated = choice.period || choice.from || choice.to;
  const narrowed = Object.entries(choice).some(
    ([key, value]) => value && !["period", "from", "to", "topic", "include"].includes(key),
  );
  return (
    <div className={css.nothing}>
      <p>
        <strong>{t("questions.nothing")}</strong>
      </p>
      <p className="dim">
        {t(narrowed ? "questions.nothingFiltered" : dated ? "questions.nothingPeriod" : "questions.nothingYet")}
      </p>
      <div className={css.ways}>
        {narrowed && (
          <Button
            size="compact-md"
            variant="default"
            onClick={() =>
              choose({
                topic: choice.topic,
                period: choice.period,
                from: choice.from,
                to: choice.to,
                include: choice.include,
              })
            }
          >
            {t("questions.clearFilters")}
          </Button>
        )}
        {dated && (
          <Button
            size="compact-md"
            variant="default"
            onClick={() => choose({ ...choice, period: undefined, from: undefined, to: undefined })}
          >
            {t("questions.allTime")}
          </Button>
        )}
      </div>
    </div>
  );
}
