import { useTranslation } from "react-i18next";
import { useZone } from "~/components/use-zone";
import { type Choice, chosenIn, LISTS, type ListName, toggledIn } from "~/lib/selection";
import { Icon } from "../icon";
import { usePeriodText } from "../period-picker";
import css from "./chips.module.css";
import { useFacetWords, useStoryTitles } from "./facet-words";

interface Chip {
  key: string;
  /** Which property; nothing where the text says it all. */
  of: string | null;
  text: string;
  /** The choice without it. */
  without: Choice;
}

/** Every filter but the query as something to take away, also those that only a chart sets. */
export function Chips({ choice, onChange }: { choice: Choice; onChange: (choice: Choice) => void }) {
  const { t } = useTranslation();
  const chips = useChips(choice);
  if (chips.length === 0) return null;
  return (
    <ul className={css.chips} aria-label={t("search.chips.title")}>
      {chips.map((chip) => (
        <li key={chip.key} className={css.chip}>
          {chip.of && <span className={css.of}>{chip.of}:</span>}
          <span className={css.text} title={chip.text}>
            {chip.text}
          </span>
          <button
            type="button"
            aria-label={t("search.chips.remove", { filter: chip.of ? `${chip.of}: ${chip.text}` : chip.text })}
            onClick={() => onChange(chip.without)}
          >
            <Icon name="close" size={12} />
          </button>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <button type="button" className={css.clear} onClick={() => onChange({ query: choice.query })}>
            {t("search.chips.clear")}
          </button>
        </li>
      )}
    </ul>
  );
}

function useChips(choice: Choice): Chip[] {
  const { t } = useTranslation();
  const zone = useZone();
  const words = useFacetWords();
  useStoryTitles(chosenIn(choice, "story"));
  const period = usePeriodText();
  const chips: Chip[] = LISTS.flatMap((name) =>
    chosenIn(choice, name).map((value) => ({
      key: `${name} ${value}`,
      of: t(`search.facets.names.${name}`),
      text: words(name, value),
      without: toggledIn(choice, name, value),
    })),
  );
  if (choice.period || choice.from || choice.to) {
    chips.push({
      key: "period",
      of: null,
      text: period(choice, zone),
      without: { ...choice, period: undefined, from: undefined, to: undefined },
    });
  }
  for (const include of choice.include ?? []) {
    const rest = choice.include?.filter((one) => one !== include) ?? [];
    chips.push({
      key: include,
      of: null,
      text: t(`search.include.${include}`),
      without: { ...choice, include: rest.length > 0 ? rest : undefined },
    });
  }
  return chips;
}

/** A filter that stands in the way, and the choice without it. */
export interface Lift {
  key: string;
  text: string;
  choice: Choice;
}

/** Every part of the choice that could be lifted: the query, each list as a whole, the period. */
export function useLifts(choice: Choice): Lift[] {
  const { t } = useTranslation();
  const zone = useZone();
  const words = useFacetWords();
  const period = usePeriodText();
  const lifts: Lift[] = [];
  if (choice.query) {
    lifts.push({ key: "query", text: t("search.query.label"), choice: { ...choice, query: undefined } });
  }
  for (const name of LISTS) {
    const values = chosenIn(choice, name);
    if (values.length === 0) continue;
    const shown = values.map((value) => words(name as ListName, value)).join(", ");
    lifts.push({
      key: name,
      text: `${t(`search.facets.names.${name}`)}: ${shown}`,
      choice: { ...choice, [name]: undefined },
    });
  }
  if (choice.period || choice.from || choice.to) {
    lifts.push({
      key: "period",
      text: period(choice, zone),
      choice: { ...choice, period: undefined, from: undefined, to: undefined },
    });
  }
  return lifts;
}
