import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Choice, chosenIn, FACETS, type FacetName, INCLUDES, type Selection, toggledIn } from "~/lib/selection";
import { openFacets, toggleFacet } from "~/state/search-preferences";
import { useStore } from "~/state/store";
import { useFacets } from "~/state/use-search";
import filters from "../stream/filters.module.css";
import { NarrowingPane } from "../stream/narrowing-pane";
import { useProblemText } from "../use-problem-text";
import { FacetGroup } from "./facet-group";
import { rememberNames } from "./facet-words";
import css from "./facets.module.css";

interface FacetPaneProps {
  choice: Choice;
  selection: Selection;
  /** The query can be asked. */
  ready: boolean;
  /** Shown over the list on screens that have no room for a column. */
  opened: boolean;
  onClose: () => void;
  onChange: (choice: Choice) => void;
}

/** Enough for a folded group; all that one may look through once a group shows more. */
const FEW = 12;
const MANY = 100;

/** What is known of the found mentions, each value with its count, to narrow by. */
export function FacetPane({ choice, selection, ready, opened, onClose, onChange }: FacetPaneProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const remembered = useStore(openFacets);
  const [wide, setWide] = useState<ReadonlySet<FacetName>>(new Set());
  const open = FACETS.filter((facet) => remembered.includes(facet));
  const asked = FACETS.filter((facet) => open.includes(facet) || choice[facet]?.length);
  const limit = open.some((facet) => wide.has(facet)) ? MANY : FEW;
  const facets = useFacets(selection, ready ? asked : [], limit);

  useEffect(() => {
    if (facets.data) rememberNames(facets.data.facets);
  }, [facets.data]);

  const widen = (facet: FacetName, more: boolean) =>
    setWide((before) => {
      const next = new Set(before);
      if (more) next.add(facet);
      else next.delete(facet);
      return next;
    });

  return (
    <NarrowingPane
      label={t("search.facets.title")}
      title={t("search.facets.title")}
      busy={facets.isFetching}
      opened={opened}
      onClose={onClose}
    >
      {facets.isError && (
        <p className={css.failed} role="alert">
          {problemText(facets.error)}{" "}
          <Button size="compact-xs" variant="subtle" onClick={() => void facets.refetch()}>
            {t("common.retry")}
          </Button>
        </p>
      )}
      {FACETS.map((facet) => (
        <FacetGroup
          key={facet}
          facet={facet}
          counts={facets.data?.facets.find((one) => one.facet === facet)}
          asking={facets.isFetching}
          stale={facets.isPlaceholderData}
          chosen={chosenIn(choice, facet)}
          open={open.includes(facet)}
          wide={wide.has(facet)}
          onFold={() => toggleFacet(facet)}
          onWiden={(more) => widen(facet, more)}
          onToggle={(value) => onChange(toggledIn(choice, facet, value))}
          onClear={() => onChange({ ...choice, [facet]: undefined })}
        />
      ))}
      <fieldset className={css.include}>
        <legend>{t("search.include.title")}</legend>
        {INCLUDES.map((include) => (
          <label key={include} className={filters.check} title={t(`search.include.${include}Hint`)}>
            <input
              type="checkbox"
              checked={choice.include?.includes(include) ?? false}
              onChange={(event) => {
                const others = (choice.include ?? []).filter((one) => one !== include);
                const next = event.currentTarget.checked ? [...others, include] : others;
                onChange({ ...choice, include: next.length > 0 ? next : undefined });
              }}
            />
            <span>{t(`search.include.${include}`)}</span>
          </label>
        ))}
      </fieldset>
    </NarrowingPane>
  );
}
