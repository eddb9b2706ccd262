import { useQueries, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { FacetCounts } from "~/api/archive";
import { topicsQuery } from "~/api/queries";
import { storyQuery } from "~/api/stories";
import { countryName, languageName } from "~/lib/format";
import { INTENTS, STAGES } from "~/lib/judgement";
import { networkMark } from "~/lib/networks";
import { offers } from "~/lib/offered";
import { type ListName, saysNone } from "~/lib/selection";
import { createStore, useStore } from "~/state/store";
import { TONE_SIGNS } from "../tone";
import { useLocale } from "../use-locale";

const KINDS = ["post", "comment", "reply", "repost", "quote", "message", "review", "article"] as const;
/** More chosen stories are called by their numbers. */
const MOST_ASKED = 8;
type Kind = (typeof KINDS)[number];

/** Names the archive has told for values that say little by themselves, such as the keys of authors. */
const told = createStore<ReadonlyMap<string, string>>(new Map());

export function rememberNames(facets: readonly FacetCounts[]): void {
  const fresh = facets.flatMap(({ facet, values }) =>
    values.flatMap(({ value, label }) =>
      label && label !== value && told.get().get(`${facet} ${value}`) !== label
        ? ([[`${facet} ${value}`, label]] as const)
        : [],
    ),
  );
  if (fresh.length > 0) told.set(new Map([...told.get(), ...fresh]));
}

/** Learns the titles of chosen stories that no facet has told: an address names them by their ids. */
export function useStoryTitles(ids: readonly string[]): void {
  const names = useStore(told);
  const unknown = ids.filter((id) => /^\d+$/.test(id) && !names.has(`story ${id}`)).slice(0, MOST_ASKED);
  const stories = useQueries({ queries: offers("getStory") ? unknown.map(storyQuery) : [] });
  const found = stories.flatMap(({ data }) => (data ? [data] : []));
  const key = found.map(({ id }) => id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ids stand for the stories
  useEffect(() => {
    const values = found.map(({ id, title, mentions }) => ({ value: id, label: title, mentions }));
    if (values.length > 0) rememberNames([{ facet: "story", values, distinct: values.length, others: 0, without: 0 }]);
  }, [key]);
}

/** What a value of a facet is called: by us where it is one of a known few, else as the archive names it. */
export function useFacetWords(): (facet: ListName, value: string, label?: string) => string {
  const { t } = useTranslation();
  const locale = useLocale();
  const topics = useQuery(topicsQuery).data;
  const names = useStore(told);
  return (facet, value, given) => {
    const label = given || names.get(`${facet} ${value}`);
    if ((value === "" && facet !== "tone") || (value === "none" && saysNone(facet) && facet !== "tone"))
      return t(`search.without.${facet}`);
    switch (facet) {
      case "topic":
        return topics?.find((topic) => topic.id === value)?.name ?? label ?? value;
      case "network":
        return networkMark(value).title;
      case "language":
        return languageName(value, locale);
      case "country":
        return countryName(label ?? value, locale);
      case "kind":
        return KINDS.includes(value as Kind) ? t(`kind.${value as Kind}`) : (label ?? value);
      case "state":
        return value === "new" || value === "kept" || value === "binned" ? t(`state.${value}`) : value;
      case "tone":
        return value === "negative" || value === "neutral" || value === "positive"
          ? `${TONE_SIGNS[value]} ${t(`tone.${value}`)}`
          : t("tone.none");
      case "intent":
        return isOne(INTENTS, value) ? t(`intent.${value}`) : value;
      case "stage":
        return isOne(STAGES, value) ? t(`stage.${value}`) : value;
      case "spam":
        return value === "yes" || value === "no" ? t(`spam.${value}`) : value;
      case "judged_by":
        return value === "people" || value === "machine" ? t(`search.judgedBy.${value}`) : value;
      case "story":
        return label && label !== value ? label : `№ ${value}`;
      case "hashtag":
        return `#${(label ?? value).replace(/^#/, "")}`;
      default:
        return label || value;
    }
  };
}

function isOne<Word extends string>(words: readonly Word[], value: string): value is Word {
  return (words as readonly string[]).includes(value);
}
