import { Loader, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ClauseEffect, QueryEffects } from "~/api/types";
import { number } from "~/lib/format";
import { depth, type Stretch } from "~/lib/query/spans";
import { effectsPreference } from "~/state/preferences";
import { useStore } from "~/state/store";
import { useQueryEffects } from "~/state/use-query-check";
import { Notice } from "../notice";
import { useLocale } from "../use-locale";
import { useProblemText } from "../use-problem-text";
import css from "./beside.module.css";

interface EffectsProps {
  query: string;
  /** The text as it stands has been checked: `true` it can be used, `false` it has errors; `null` while nobody knows. */
  valid: boolean | null;
  onPoint: (span: Stretch | null) => void;
  onGo: (span: Stretch) => void;
}

/** What each part of the query adds to its result or takes from it, over the posts of the last time. */
export function Effects({ query, valid, onPoint, onGo }: EffectsProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const wanted = useStore(effectsPreference) === "on";
  const { effects, current } = useQueryEffects(query, wanted && valid === true);
  const working = wanted && valid === true && (effects.isFetching || !current) && !effects.isError;

  return (
    <section className={css.panel} aria-label={t("effects.title")}>
      <div className={css.panelHead}>
        <Switch
          checked={wanted}
          onChange={(event) => effectsPreference.set(event.currentTarget.checked ? "on" : "off")}
          label={t("effects.title")}
          description={wanted ? undefined : t("effects.hint")}
        />
        {working && <Loader size={16} role="status" aria-label={t("effects.working")} />}
      </div>
      {wanted && effects.isError && <Notice kind="error">{problemText(effects.error)}</Notice>}
      {wanted && valid === false && <p className={css.hint}>{t("effects.faulty")}</p>}
      {wanted && valid !== false && effects.data && !effects.isError && (
        <EffectList effects={effects.data} current={current && valid === true} onPoint={onPoint} onGo={onGo} />
      )}
    </section>
  );
}

interface EffectListProps {
  effects: QueryEffects & { query: string };
  current: boolean;
  onPoint: (span: Stretch | null) => void;
  onGo: (span: Stretch) => void;
}

function EffectList({ effects, current, onPoint, onGo }: EffectListProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const largest = Math.max(1, ...effects.clauses.map(({ change }) => Math.abs(change)));
  const says = ({ change }: ClauseEffect): string => {
    if (change === 0) return t("effects.nothing");
    return change < 0 ? t("effects.removes", { count: -change }) : t("effects.adds", { count: change });
  };
  if (effects.scanned === 0) return <p className={css.hint}>{t("effects.none")}</p>;
  return (
    <>
      <p className={css.hint}>
        {t("effects.of", {
          count: effects.scanned,
          scanned: number(effects.scanned, locale),
          matched: number(effects.matched, locale),
        })}{" "}
        {effects.cut_short && t("effects.cutShort")}
      </p>
      <ul className={`${css.effects} renews`} data-stale={!current} onPointerLeave={() => onPoint(null)}>
        {effects.clauses.map((clause) => (
          <li key={`${clause.start}-${clause.end}`}>
            <button
              type="button"
              className={`bare ${css.effect}`}
              disabled={!current}
              onPointerEnter={() => onPoint(clause)}
              onFocus={() => onPoint(clause)}
              onBlur={() => onPoint(null)}
              onClick={() => onGo(clause)}
            >
              <Bar change={clause.change} largest={largest} />
              <span className={css.says} data-sign={Math.sign(clause.change)}>
                {says(clause)}
              </span>
              <code className={css.clause} data-depth={Math.min(depth(effects.clauses, clause), 3)}>
                {effects.query.slice(clause.start, clause.end)}
              </code>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Left of the middle what is taken away, right of it what is added. */
function Bar({ change, largest }: { change: number; largest: number }) {
  const length = change === 0 ? 0 : Math.max(2, (Math.abs(change) / largest) * 30);
  return (
    <svg className={css.bar} width={64} height={12} viewBox="0 0 64 12" aria-hidden focusable="false">
      <rect x={change < 0 ? 32 - length : 32} y={2} width={length} height={8} rx={1.5} data-sign={Math.sign(change)} />
      <path d="M32 0v12" />
    </svg>
  );
}
