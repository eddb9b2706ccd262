import { useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./filters.module.css";

export interface FilterOption {
  value: string;
  label: string;
  count?: string;
}

interface FilterGroupProps {
  title: string;
  options: FilterOption[];
  chosen: string[] | undefined;
  onToggle: (value: string) => void;
  /** Unfolded from the start. */
  open?: boolean;
}

const FIRST = 6;

/** A foldable group of boxes; long ones show their beginning. */
export function FilterGroup({ title, options, chosen, onToggle, open = false }: FilterGroupProps) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (options.length === 0) return null;
  const shown = all ? options : options.filter((option, index) => index < FIRST || chosen?.includes(option.value));
  return (
    <details className={css.group} open={open || Boolean(chosen?.length)}>
      <summary>
        {title}
        {chosen?.length ? <span className={css.number}>{chosen.length}</span> : null}
      </summary>
      <ul>
        {shown.map((option) => (
          <li key={option.value}>
            <label className={css.check}>
              <input
                type="checkbox"
                checked={chosen?.includes(option.value) ?? false}
                onChange={() => onToggle(option.value)}
              />
              <span>{option.label}</span>
              {option.count && <span className={css.count}>{option.count}</span>}
            </label>
          </li>
        ))}
      </ul>
      {shown.length < options.length && (
        <button type="button" className={`bare ${css.more}`} onClick={() => setAll(true)}>
          {t("filters.more", { count: options.length - shown.length })}
        </button>
      )}
    </details>
  );
}
