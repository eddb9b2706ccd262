import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { number } from "~/lib/format";
import { offers } from "~/lib/offered";
import type { Understanding } from "~/lib/questions/shapes";
import { NetworkBadge } from "../network-badge";
import { Time } from "../time";
import { useLocale } from "../use-locale";
import { Drill } from "./drill";
import css from "./understanding.module.css";

/** The stories that most of the mentions belong to. */
export function LargestStories({ stories }: { stories: Understanding["stories"] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <section className={css.stories}>
      <h3>{t("understanding.stories")}</h3>
      <ol>
        {stories.map((story) => (
          <li key={story.story_id}>
            <Drill part={{ story: [story.story_id] }} className={css.count}>
              {t("questions.mentionCount", { count: story.mentions })}
            </Drill>
            {offers("getStory") ? (
              <Link to="/stories/$id" params={{ id: story.story_id }} className={css.title}>
                {story.title}
              </Link>
            ) : (
              <span className={css.title}>{story.title}</span>
            )}
            <span className={css.networks}>
              {story.networks.slice(0, 4).map(({ network, posts }) => (
                <span key={network} title={number(posts, locale)}>
                  <NetworkBadge network={network} size={16} />
                </span>
              ))}
            </span>
            <Time at={story.last_at} className="dim" />
          </li>
        ))}
      </ol>
    </section>
  );
}
