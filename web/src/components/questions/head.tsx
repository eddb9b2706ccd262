import { useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { stretchName } from "~/lib/questions/time-labels";
import { type Choice, chosenIn, INCLUDES, LISTS, toggledIn } from "~/lib/selection";
import { Icon } from "../icon";
import { PeriodPicker } from "../period-picker";
import { Popover } from "../popover";
import { useFacetWords, useStoryTitles } from "../search/facet-words";
import { LinkButton } from "../search/link-button";
import { useLocale } from "../use-locale";
import { ViewsMenu } from "../views/views-menu";
import { useQuestions } from "./context";
import { Drill } from "./drill";
import css from "./head.module.css";

/** The ways to keep, pass on and renew what is shown. */
export function Tools({ onRefresh, at }: { onRefresh: () => void; at: string }) {
  const { t } = useTranslation();
  const address = useLocation().searchStr;
  return (
    <div className={css.bar}>
      <button type="button" className={css.button} onClick={onRefresh} title={t("questions.refreshHint", { at })}>
        <Icon name="retry" size={15} />
        <span className={css.wide}>{t("questions.asOf", { at })}</span>
        <span className="hidden">{t("questions.refresh")}</span>
      </button>
      <ViewsMenu page="questions" address={address} />
      <LinkButton />
    </div>
  );
}

/** What the five questions are asked of: topics, time, what it is set against, and what is left out. */
export function Bar() {
  const { t } = useTranslation();
  const { choice, zone, choose } = useQuestions();
  return (
    <div className={css.bar}>
      <TopicPicker />
      <PeriodPicker value={choice} zone={zone} onChange={(period) => choose({ ...choice, ...period })} />
      <ComparePicker />
      <IncludePicker />
      <span className={css.spread} />
      <Drill part={{}} className={css.button}>
        <Icon name="search" size={15} />
        <span>{t("questions.mentions")}</span>
      </Drill>
    </div>
  );
}

function TopicPicker() {
  const { t } = useTranslation();
  const { choice, choose, topics } = useQuestions();
  const chosen = chosenIn(choice, "topic");
  const names = topics.filter((topic) => chosen.includes(topic.id)).map((topic) => topic.name);
  const current =
    names.length === 0
      ? t("filters.allTopics")
      : names.length <= 2
        ? names.join(", ")
        : t("questions.topicCount", { count: names.length });
  return (
    <Popover
      label={`${t("questions.topics")}: ${current}`}
      button={
        <>
          <Icon name="topics" size={15} />
          <span className={css.current}>{current}</span>
          <Icon name="down" size={13} />
        </>
      }
    >
      {() => (
        <div className={css.choices}>
          <label className={css.choice}>
            <input
              type="checkbox"
              checked={chosen.length === 0}
              onChange={() => choose({ ...choice, topic: undefined })}
            />
            <span>{t("filters.allTopics")}</span>
          </label>
          {(["own", "competitor", "market"] as const).map((kind) => {
            const group = topics.filter((topic) => topic.kind === kind);
            if (group.length === 0) return null;
            return (
              <fieldset key={kind} className={css.group}>
                <legend>{t(`topicKind.${kind}`)}</legend>
                {group.map((topic) => (
                  <label key={topic.id} className={css.choice}>
                    <input
                      type="checkbox"
                      checked={chosen.includes(topic.id)}
                      onChange={() => choose(toggledIn(choice, "topic", topic.id))}
                    />
                    <span>{topic.name}</span>
                  </label>
                ))}
              </fieldset>
            );
          })}
        </div>
      )}
    </Popover>
  );
}

function ComparePicker() {
  const { t } = useTranslation();
  const locale = useLocale();
  const { choice, view, look, compared, zone } = useQuestions();
  const { kind } = view.compare;
  const dated = Boolean(choice.period || choice.from);
  const current =
    compared && kind !== "none"
      ? t("questions.compare.with", { when: stretchName(compared, zone, locale) })
      : t(`questions.compare.${kind}`);
  const options = ["none", "previous", "year", "topics"] as const;
  return (
    <Popover
      label={`${t("questions.compare.title")}: ${current}`}
      button={
        <>
          <Icon name="compare" size={15} />
          <span className={css.current}>{current}</span>
          <Icon name="down" size={13} />
        </>
      }
    >
      {(close) => (
        <div className={css.choices}>
          {options.map((option) => {
            const needs = (option === "previous" || option === "year") && !dated;
            return (
              <button
                key={option}
                type="button"
                className={css.option}
                aria-pressed={kind === option}
                disabled={needs}
                title={needs ? t("questions.compare.needsPeriod") : undefined}
                onClick={() => {
                  look({ compare: { kind: option } });
                  close();
                }}
              >
                {t(`questions.compare.${option}`)}
                {kind === option && <Icon name="check" size={14} />}
              </button>
            );
          })}
          {!dated && <p className={css.hint}>{t("questions.compare.needsPeriod")}</p>}
          <div className={css.dates}>
            <PeriodPicker
              label={t("questions.compare.dates")}
              value={view.compare.kind === "dates" ? view.compare : {}}
              zone={zone}
              onChange={({ from, to }) => {
                if (from && to) look({ compare: { kind: "dates", from, to } });
              }}
            />
            <span className={css.hint}>{t("questions.compare.dates")}</span>
          </div>
        </div>
      )}
    </Popover>
  );
}

function IncludePicker() {
  const { t } = useTranslation();
  const { choice, choose } = useQuestions();
  const chosen = choice.include ?? [];
  const current =
    chosen.length === 0 ? t("questions.include.none") : t("questions.include.some", { count: chosen.length });
  return (
    <Popover
      label={`${t("questions.include.title")}: ${current}`}
      button={
        <>
          <Icon name="filter" size={15} />
          <span className={css.current}>{current}</span>
          <Icon name="down" size={13} />
        </>
      }
    >
      {() => (
        <fieldset className={css.choices}>
          <legend className={css.hint}>{t("questions.include.hint")}</legend>
          {INCLUDES.map((name) => (
            <label key={name} className={css.choice}>
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                onChange={() => {
                  const next = INCLUDES.filter((one) => (one === name ? !chosen.includes(one) : chosen.includes(one)));
                  choose({ ...choice, include: next.length > 0 ? next : undefined });
                }}
              />
              <span>{t(`questions.include.${name}`)}</span>
            </label>
          ))}
        </fieldset>
      )}
    </Popover>
  );
}

/** The filters of the address, each to be taken away. */
export function Chips() {
  const { t } = useTranslation();
  const words = useFacetWords();
  const { choice, choose } = useQuestions();
  useStoryTitles(chosenIn(choice, "story"));
  const lists = LISTS.filter((name) => name !== "topic" && choice[name]?.length);
  if (lists.length === 0 && !choice.query) return null;

  const clear = (): Choice => ({
    topic: choice.topic,
    period: choice.period,
    from: choice.from,
    to: choice.to,
    include: choice.include,
  });

  return (
    <ul className={css.chips} aria-label={t("filters.title")}>
      {choice.query && (
        <li>
          <Chip
            name={t("questions.query")}
            value={choice.query}
            onRemove={() => choose({ ...choice, query: undefined })}
          />
        </li>
      )}
      {lists.flatMap((list) =>
        chosenIn(choice, list).map((value) => (
          <li key={`${list} ${value}`}>
            <Chip
              name={t(`search.facets.names.${list}`)}
              value={words(list, value)}
              onRemove={() => choose(toggledIn(choice, list, value))}
            />
          </li>
        )),
      )}
      <li>
        <button type="button" className={`bare ${css.clear}`} onClick={() => choose(clear())}>
          {t("questions.clearFilters")}
        </button>
      </li>
    </ul>
  );
}

function Chip({ name, value, onRemove }: { name: string; value: string; onRemove: () => void }) {
  const { t } = useTranslation();
  return (
    <span className={css.chip}>
      <span className="dim">{name}</span> <span className={css.chipValue}>{value}</span>
      <button type="button" className="bare" aria-label={t("questions.lift", { name, value })} onClick={onRemove}>
        <Icon name="close" size={12} />
      </button>
    </span>
  );
}
