import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Story } from "~/api/stories";
import type { Topic } from "~/api/types";
import { duration, number } from "~/lib/format";
import { networkMark } from "~/lib/networks";
import { NetworkBadge } from "../network-badge";
import { Time } from "../time";
import { useLocale } from "../use-locale";
import css from "./stories.module.css";

const MOST_NETWORKS = 5;

interface StoryRowProps {
  story: Story;
  topics: readonly Topic[];
  checked: boolean;
  /** The size of the largest of the list, for the bars. */
  most: number;
  onCheck: () => void;
}

/** One story of the list: what is said, how often, on which networks and for how long. */
export function StoryRow({ story, topics, checked, most, onCheck }: StoryRowProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const seconds = (Date.parse(story.last_at) - Date.parse(story.first_at)) / 1000;
  const named = topics.filter((topic) => story.topic_ids.includes(topic.id));
  return (
    <li className={css.row}>
      <input
        type="checkbox"
        checked={checked}
        aria-label={t("stories.choose", { title: story.title.slice(0, 60) })}
        onChange={onCheck}
      />
      <div className={css.size}>
        <strong>{number(story.posts, locale)}</strong>
        <span className={css.track} aria-hidden>
          <i style={{ width: `${(story.posts / Math.max(1, most)) * 100}%` }} />
        </span>
        <span className="hidden">{t("stories.posts", { count: story.posts })}</span>
      </div>
      <div className={css.what}>
        <Link to="/stories/$id" params={{ id: story.id }} className={css.title} data-story={story.id}>
          {story.title}
        </Link>
        <p className={css.facts}>
          <span>{t("stories.mentions", { count: story.mentions })}</span>
          <span>
            <Time at={story.last_at} />
          </span>
          {seconds >= 60 && <span>{t("stories.lasted", { time: duration(seconds, locale) })}</span>}
          {named.map((topic) => (
            <span key={topic.id}>{topic.name}</span>
          ))}
        </p>
      </div>
      <Networks networks={story.networks} />
    </li>
  );
}

/** How many posts on which network. */
function Networks({ networks }: Pick<Story, "networks">) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <ul className={css.networks} aria-label={t("stories.networks")}>
      {networks.slice(0, MOST_NETWORKS).map(({ network, posts }) => (
        <li key={network} title={networkMark(network).title}>
          <NetworkBadge network={network} size={16} /> {number(posts, locale)}
        </li>
      ))}
      {networks.length > MOST_NETWORKS && <li>+{networks.length - MOST_NETWORKS}</li>}
    </ul>
  );
}
