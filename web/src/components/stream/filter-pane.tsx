import { ActionIcon, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { sourcesQuery, tagsQuery } from "~/api/queries";
import { storyQuery } from "~/api/stories";
import type { Mention, Topic } from "~/api/types";
import { type Filters, isNarrowed, type ListFilter, TONES, toggled } from "~/lib/filters";
import { compact, languageName } from "~/lib/format";
import { INTENTS, STAGES } from "~/lib/judgement";
import { networkMark } from "~/lib/networks";
import { offers } from "~/lib/offered";
import { Icon } from "../icon";
import { TONE_SIGNS } from "../tone";
import { useLocale } from "../use-locale";
import { FilterGroup, type FilterOption } from "./filter-group";
import { FilterText } from "./filter-text";
import css from "./filters.module.css";
import { NarrowingPane } from "./narrowing-pane";

interface FilterPaneProps {
  filters: Filters;
  items: Mention[];
  topics: Topic[] | undefined;
  /** Shown over the list on screens that have no room for a column. */
  opened: boolean;
  onClose: () => void;
  onChange: (change: Partial<Filters>) => void;
  onClear: () => void;
}

const LANGUAGES = ["ru", "uk", "en"];
const seenNetworks = new Set<string>();
const seenLanguages = new Set<string>(LANGUAGES);

/** Topics and everything else the stream can be narrowed by. */
export function FilterPane({ filters, items, topics, opened, onClose, onChange, onClear }: FilterPaneProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const tags = useQuery(tagsQuery).data ?? [];
  const sources = useQuery(sourcesQuery).data ?? [];
  const story = filters.story ?? "";
  const title = useQuery({ ...storyQuery(story), enabled: story !== "" && offers("getStory") }).data?.title;

  for (const mention of items) {
    seenNetworks.add(mention.post.network);
    if (mention.post.language) seenLanguages.add(mention.post.language);
  }
  const toggle = (key: ListFilter) => (value: string) => onChange({ [key]: toggled(filters[key], value) });

  const options = {
    tone: TONES.map((tone) => ({
      value: tone,
      label: tone === "none" ? t("tone.none") : `${TONE_SIGNS[tone]} ${t(`tone.${tone}`)}`,
    })),
    intent: INTENTS.map((intent) => ({ value: intent, label: t(`intent.${intent}`) })),
    stage: [...STAGES, "none" as const].map((stage) => ({ value: stage, label: t(`stage.${stage}`) })),
    network: known(seenNetworks, filters.network).map((value) => ({ value, label: networkMark(value).title })),
    language: known(seenLanguages, filters.language).map((value) => ({ value, label: languageName(value, locale) })),
    source: sources.map((source) => ({ value: source.id, label: source.name })),
    tag: withChosen(
      tags.map(({ tag, count }) => ({ value: tag, label: tag, count: compact(count, locale) })),
      filters.tag,
    ),
  } satisfies Partial<Record<ListFilter, FilterOption[]>>;

  return (
    <NarrowingPane
      label={t("filters.title")}
      title={t("nav.topics")}
      action={
        <ActionIcon
          component={Link}
          to="/topics/new"
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={t("topics.add")}
          title={t("topics.add")}
        >
          <Icon name="plus" />
        </ActionIcon>
      }
      opened={opened}
      onClose={onClose}
    >
      <TopicList filters={filters} topics={topics ?? []} onChange={onChange} />

      <div className={css.title}>
        <h2>{t("filters.title")}</h2>
        {isNarrowed(filters) && (
          <Button size="compact-xs" variant="subtle" onClick={onClear}>
            {t("filters.clear")}
          </Button>
        )}
      </div>
      <FilterGroup
        title={t("filters.tone")}
        options={options.tone}
        chosen={filters.tone}
        onToggle={toggle("tone")}
        open
      />
      {(["intent", "stage"] as const).map((name) => (
        <FilterGroup
          key={name}
          title={t(`filters.${name}`)}
          options={options[name]}
          chosen={filters[name]}
          onToggle={toggle(name)}
          open={name === "intent"}
        />
      ))}
      <FilterGroup
        title={t("filters.network")}
        options={options.network}
        chosen={filters.network}
        onToggle={toggle("network")}
        open
      />
      <FilterGroup
        title={t("filters.language")}
        options={options.language}
        chosen={filters.language}
        onToggle={toggle("language")}
      />
      <FilterGroup title={t("filters.tag")} options={options.tag} chosen={filters.tag} onToggle={toggle("tag")} />
      <FilterGroup
        title={t("filters.source")}
        options={options.source}
        chosen={filters.source}
        onToggle={toggle("source")}
      />
      <FilterText label={t("filters.author")} value={filters.author} onChange={(author) => onChange({ author })} />
      <label className={css.check}>
        <input
          type="checkbox"
          checked={filters.copies ?? false}
          onChange={(event) => onChange({ copies: event.currentTarget.checked || undefined })}
        />
        {t("filters.copies")}
      </label>
      <label className={css.check}>
        <input
          type="checkbox"
          checked={filters.without_spam ?? false}
          onChange={(event) => onChange({ without_spam: event.currentTarget.checked || undefined })}
        />
        {t("filters.withoutSpam")}
      </label>
      {offers("listStories") && (
        <label className={css.check}>
          <input
            type="checkbox"
            checked={filters.one_per_story ?? false}
            onChange={(event) => onChange({ one_per_story: event.currentTarget.checked || undefined })}
          />
          {t("filters.oneStory")}
        </label>
      )}
      {filters.story && (
        <label className={css.check}>
          <input type="checkbox" checked onChange={() => onChange({ story: undefined })} />
          {title ? <q className={css.storyTitle}>{title}</q> : t("filters.inStory")}
        </label>
      )}
    </NarrowingPane>
  );
}

function TopicList({ filters, topics, onChange }: Pick<FilterPaneProps, "filters" | "onChange"> & { topics: Topic[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const chosen = filters.topic ?? [];
  return (
    <ul className={css.topics}>
      <li>
        <button
          type="button"
          className={css.topic}
          aria-pressed={chosen.length === 0}
          onClick={() => onChange({ topic: undefined })}
        >
          <span>{t("filters.allTopics")}</span>
        </button>
      </li>
      {topics.map((topic) => (
        <li key={topic.id}>
          <button
            type="button"
            className={css.topic}
            aria-pressed={chosen.includes(topic.id)}
            title={t("filters.topicHint", { name: topic.name })}
            onClick={(event) => {
              const add = event.ctrlKey || event.metaKey || event.shiftKey;
              const only = chosen.length === 1 && chosen[0] === topic.id;
              onChange({ topic: add ? toggled(chosen, topic.id) : only ? undefined : [topic.id] });
            }}
          >
            <span>{topic.name}</span>
            <span className={css.count}>{compact(topic.mentions, locale)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What has been met so far and what the address asks for. */
function known(seen: ReadonlySet<string>, chosen: string[] | undefined): string[] {
  return [...new Set([...seen, ...(chosen ?? [])])].sort();
}

function withChosen(options: FilterOption[], chosen: string[] | undefined): FilterOption[] {
  const missing = (chosen ?? []).filter((value) => !options.some((option) => option.value === value));
  return [...options, ...missing.map((value) => ({ value, label: value }))];
}
