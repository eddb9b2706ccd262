import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FacetCounts } from "~/api/archive";
import { type FacetLine, facetLines, linesWith } from "~/lib/facets";
import { compact, number } from "~/lib/format";
import { type FacetName, saysNone } from "~/lib/selection";
import { Icon } from "../icon";
import { NetworkBadge } from "../network-badge";
import filters from "../stream/filters.module.css";
import { useLocale } from "../use-locale";
import { useFacetWords } from "./facet-words";
import css from "./facets.module.css";

interface FacetGroupProps {
  facet: FacetName;
  counts: FacetCounts | undefined;
  /** The counts are on their way; a query with an error is not asked. */
  asking: boolean;
  /** The counts are of the choice before. */
  stale: boolean;
  chosen: string[];
  open: boolean;
  /** Shows all there is to look through, not only the beginning. */
  wide: boolean;
  onFold: () => void;
  onWiden: (more: boolean) => void;
  onToggle: (value: string) => void;
  onClear: () => void;
}

const FIRST = 7;
/** From so many values on there is a field to find one. */
const LONG = 15;

/** One property of the found mentions: its values with their counts, the chosen ones on top. */
export function FacetGroup(props: FacetGroupProps) {
  const { facet, counts, chosen, open, wide } = props;
  const { t } = useTranslation();
  const locale = useLocale();
  const id = useId();
  const words = useFacetWords();
  const [text, setText] = useState("");
  const name = (line: FacetLine) => words(facet, line.value, line.label);
  const lines = facetLines(counts, chosen, saysNone(facet));
  const fitting = wide ? linesWith(lines, text, name) : lines;
  const shown = wide ? fitting : fitting.slice(0, Math.max(FIRST, chosen.length));
  const hidden = (counts?.distinct ?? 0) + (counts && counts.without > 0 ? 1 : 0) - shown.length;
  const title = t(`search.facets.names.${facet}`);

  return (
    <section className={css.group}>
      <h3>
        <button type="button" className={css.fold} aria-expanded={open} aria-controls={id} onClick={props.onFold}>
          <Icon name={open ? "down" : "right"} size={12} />
          <span>{title}</span>
          {chosen.length > 0 && (
            <span className={filters.number}>
              {chosen.length}
              <span className="hidden"> {t("common.chosen")}</span>
            </span>
          )}
        </button>
      </h3>
      {open && (
        <div id={id} className={`${css.body} renews`} data-stale={props.stale}>
          {wide && (counts?.distinct ?? 0) > LONG && (
            <input
              type="search"
              className={`field ${css.find}`}
              value={text}
              placeholder={t("search.facets.find")}
              aria-label={t("search.facets.findIn", { facet: title })}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          )}
          <ul>
            {shown.map((line) => (
              <li key={line.value}>
                <label className={css.line} data-chosen={line.chosen} title={name(line)}>
                  <input type="checkbox" checked={line.chosen} onChange={() => props.onToggle(line.value)} />
                  {facet === "network" && line.value !== "" && <NetworkBadge network={line.value} size={16} />}
                  <span className={css.name} data-without={line.value === ""}>
                    {name(line)}
                  </span>
                  <span
                    className={css.count}
                    title={line.mentions === null ? undefined : number(line.mentions, locale)}
                  >
                    {line.mentions === null ? "…" : compact(line.mentions, locale)}
                  </span>
                </label>
              </li>
            ))}
          </ul>
          {counts && lines.length === 0 && <p className={css.note}>{t("search.facets.none")}</p>}
          {!counts && lines.length === 0 && <p className={css.note}>{props.asking ? t("common.loading") : "—"}</p>}
          {wide && text !== "" && fitting.length === 0 && <p className={css.note}>{t("search.facets.noneLike")}</p>}
          {wide && counts && counts.others > 0 && (
            <p className={css.note}>
              {t("search.facets.others", { count: counts.others, listed: counts.values.length, all: counts.distinct })}
            </p>
          )}
          <div className={css.ends}>
            {!wide && hidden > 0 && (
              <button type="button" className={css.more} onClick={() => props.onWiden(true)}>
                {t("filters.more", { count: hidden })}
              </button>
            )}
            {wide && lines.length > FIRST && (
              <button
                type="button"
                className={css.more}
                onClick={() => {
                  setText("");
                  props.onWiden(false);
                }}
              >
                {t("search.facets.fewer")}
              </button>
            )}
            {chosen.length > 0 && (
              <button type="button" className={css.more} onClick={props.onClear}>
                {t("search.facets.clear")}
              </button>
            )}
          </div>
        </div>
      )}
    </section>
  );
}
