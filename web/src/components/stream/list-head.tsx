import { ActionIcon, Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Mention } from "~/api/types";
import { type Filters, filterCount, PERIODS, type Period } from "~/lib/filters";
import { isSpam } from "~/lib/judgement";
import { judgementMenu, type MenuKind } from "~/state/judgement-menu";
import { useJudge } from "~/state/use-judge";
import { Icon } from "../icon";
import { Segments } from "../segments";
import { ToneButtons } from "../tone";
import css from "./stream.module.css";
import { BULK_TAG_FIELD } from "./use-stream-keys";

interface ListHeadProps {
  filters: Filters;
  waiting: number;
  orMore: boolean;
  checked: Mention[];
  loaded: number;
  onFilters: () => void;
  onChange: (change: Partial<Filters>) => void;
  onShowNew: () => Promise<void>;
  onClearChecked: () => void;
}

/** Above the list: which states are shown, the period, what to do with the checked ones, and the bar of new ones. */
export function ListHead(props: ListHeadProps) {
  const { t } = useTranslation();
  return (
    <>
      {props.checked.length > 0 ? <BulkBar {...props} /> : <StateBar {...props} />}
      <NewBar waiting={props.waiting} orMore={props.orMore} hidden={props.loaded === 0} onShowNew={props.onShowNew} />
      <span className="hidden" aria-live="polite">
        {props.waiting > 0 ? t("stream.newCount", { count: props.waiting }) : ""}
      </span>
    </>
  );
}

function StateBar({ filters, onChange, onFilters }: ListHeadProps) {
  const { t } = useTranslation();
  const count = filterCount(filters) + (filters.topic?.length ? 1 : 0);
  const state = filters.state?.length === 1 ? filters.state[0]! : filters.state?.length ? "some" : "all";
  return (
    <div className={css.head}>
      <Button
        className={css.headFilters}
        size="compact-sm"
        variant="default"
        leftSection={<Icon name="filter" size={14} />}
        onClick={onFilters}
      >
        {count > 0 ? t("filters.openCount", { count }) : t("filters.open")}
      </Button>
      <Segments
        label={t("filters.state")}
        value={state}
        options={[
          { value: "all", label: t("filters.states.all"), hint: t("filters.states.allHint") },
          { value: "new", label: t("filters.states.new") },
          { value: "kept", label: t("filters.states.kept") },
          { value: "binned", label: t("filters.states.binned") },
        ]}
        onChange={(value) => onChange({ state: value === "all" ? undefined : [value] })}
      />
      <select
        className={`field ${css.period}`}
        aria-label={t("filters.period")}
        value={filters.period ?? ""}
        onChange={(event) => onChange({ period: (event.currentTarget.value || undefined) as Period | undefined })}
      >
        <option value="">{t("filters.periods.all")}</option>
        {PERIODS.map((period) => (
          <option key={period} value={period}>
            {t(`filters.periods.${period}`)}
          </option>
        ))}
      </select>
    </div>
  );
}

interface BulkBarProps {
  checked: Mention[];
  onClearChecked: () => void;
  /** More that can be done with them. */
  children?: ReactNode;
}

/** What can be done with the chosen rows at once. */
export function BulkBar({ checked, onClearChecked, children }: BulkBarProps) {
  const { t } = useTranslation();
  const judge = useJudge();
  const decide = (state: "kept" | "binned") => {
    judge.setState(checked, state);
    onClearChecked();
  };
  const tones = new Set(checked.map((mention) => mention.tone));
  const menu = (kind: MenuKind) => judgementMenu.set({ kind, mentions: checked });
  return (
    <div className={`${css.head} ${css.bulk}`} role="toolbar" aria-label={t("stream.bulk")}>
      <strong>{t("stream.selected", { count: checked.length })}</strong>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<Icon name="keep" size={14} />}
        onClick={() => decide("kept")}
      >
        {t("mention.keep")}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<Icon name="bin" size={14} />}
        onClick={() => decide("binned")}
      >
        {t("mention.bin")}
      </Button>
      <ToneButtons
        compact
        tone={tones.size === 1 ? ([...tones][0] ?? null) : null}
        onChange={(tone) => judge.setTone(checked, tone)}
      />
      <Button size="compact-sm" variant="default" title={`${t("intent.title")} (I)`} onClick={() => menu("intents")}>
        {t("intent.title")}
      </Button>
      <Button size="compact-sm" variant="default" title={`${t("stage.title")} (Y)`} onClick={() => menu("stage")}>
        {t("stage.title")}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        title={`${t("spam.title")} (!)`}
        onClick={() => judge.setSpam(checked, !checked.every(isSpam))}
      >
        {t(checked.every(isSpam) ? "spam.no" : "spam.yes")}
      </Button>
      <input
        id={BULK_TAG_FIELD}
        className={`field ${css.bulkTag}`}
        list="known-tags"
        maxLength={64}
        placeholder={t("tags.add")}
        aria-label={t("tags.add")}
        onKeyDown={(event) => {
          const tag = event.currentTarget.value.trim().replace(/^#/, "");
          if (event.key === "Enter" && tag) {
            judge.addTag(checked, tag);
            event.currentTarget.value = "";
          }
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      {children}
      <ActionIcon variant="subtle" color="gray" aria-label={t("stream.clearSelection")} onClick={onClearChecked}>
        <Icon name="close" />
      </ActionIcon>
    </div>
  );
}

interface NewBarProps {
  waiting: number;
  orMore: boolean;
  hidden: boolean;
  onShowNew: () => Promise<void>;
}

/** New mentions gather here; the list below does not move. */
function NewBar({ waiting, orMore, hidden, onShowNew }: NewBarProps) {
  const { t } = useTranslation();
  if (waiting === 0 || hidden) return null;
  return (
    <div className={css.newBar} data-testid="new-bar">
      <button type="button" className="bare" onClick={() => void onShowNew()}>
        <Icon name="up" size={14} />
        {orMore ? t("stream.newOrMore", { count: waiting }) : t("stream.newCount", { count: waiting })}
        <kbd>.</kbd>
      </button>
    </div>
  );
}
