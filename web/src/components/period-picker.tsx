import { Button } from "@mantine/core";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { daysOf, PERIODS, type PeriodChoice, type PeriodName, type Range, rangeOfDays, rangeText } from "~/lib/period";
import { isDate } from "~/lib/zone";
import { Icon } from "./icon";
import css from "./period-picker.module.css";
import { Popover } from "./popover";
import { useLocale } from "./use-locale";

interface PeriodPickerProps {
  value: PeriodChoice;
  /** Days are days of this zone. */
  zone: string;
  /** All keys are given, so that what no longer holds is taken away. */
  onChange: (value: { period: PeriodName | undefined; from: string | undefined; to: string | undefined }) => void;
  /** What the button is called; "period" when absent. */
  label?: string;
}

/** Which time: by name, or from a day to a day. */
export function PeriodPicker({ value, zone, onChange, label }: PeriodPickerProps) {
  const { t } = useTranslation();
  const text = usePeriodText();
  const title = label ?? t("search.period.title");
  const current = text(value, zone);

  return (
    <Popover
      label={`${title}: ${current}`}
      button={
        <>
          <Icon name="calendar" size={15} />
          <span className={css.current}>{current}</span>
          <Icon name="down" size={13} />
        </>
      }
    >
      {(close) => {
        const choose = (period: PeriodName | undefined) => {
          onChange({ period, from: undefined, to: undefined });
          close();
        };
        const all = !value.period && !value.from && !value.to;
        return (
          <div className={css.panel}>
            <div className={css.names} role="group" aria-label={title}>
              {[undefined, ...PERIODS].map((name) => {
                const chosen = name ? value.period === name : all;
                return (
                  <button
                    key={name ?? "all"}
                    type="button"
                    className={css.name}
                    aria-pressed={chosen}
                    data-first={chosen || undefined}
                    onClick={() => choose(name)}
                  >
                    {t(`search.period.${name ?? "all"}`)}
                  </button>
                );
              })}
            </div>
            <Days
              value={value}
              zone={zone}
              onChange={(range) => {
                onChange({ period: undefined, from: range.from, to: range.to });
                close();
              }}
            />
          </div>
        );
      }}
    </Popover>
  );
}

function Days({ value, zone, onChange }: { value: Range; zone: string; onChange: (range: Range) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const start = daysOf(value, zone);
  const [first, setFirst] = useState(start.first);
  const [last, setLast] = useState(start.last);
  const reversed = isDate(first) && isDate(last) && first > last;
  const empty = !isDate(first) && !isDate(last);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!reversed && !empty) onChange(rangeOfDays(isDate(first) ? first : "", isDate(last) ? last : "", zone));
  };

  return (
    <form className={css.days} onSubmit={submit}>
      <label>
        <span>{t("search.period.from")}</span>
        <input
          type="date"
          className="field"
          min="2000-01-01"
          max="2100-01-01"
          value={first}
          aria-describedby={reversed ? id : undefined}
          onChange={(event) => setFirst(event.currentTarget.value)}
        />
      </label>
      <label>
        <span>{t("search.period.to")}</span>
        <input
          type="date"
          className="field"
          min="2000-01-01"
          max="2100-01-01"
          value={last}
          aria-invalid={reversed}
          aria-describedby={reversed ? id : undefined}
          onChange={(event) => setLast(event.currentTarget.value)}
        />
      </label>
      {reversed && (
        <p id={id} className={css.wrong} role="alert">
          {t("search.period.reversed")}
        </p>
      )}
      <Button type="submit" size="compact-md" disabled={reversed || empty}>
        {t("search.period.show")}
      </Button>
      <p className={css.zone}>{t("search.period.zone", { zone })}</p>
    </form>
  );
}

/** A period in words: its name, or its days. */
export function usePeriodText(): (value: PeriodChoice, zone: string) => string {
  const { t } = useTranslation();
  const locale = useLocale();
  return (value, zone) => {
    if (value.period) return t(`search.period.${value.period}`);
    const { from, to, both } = rangeText(value, zone, locale);
    if (both) return both;
    if (from) return t("search.period.since", { from });
    if (to) return t("search.period.until", { to });
    return t("search.period.all");
  };
}
