import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { storyQuery } from "~/api/stories";
import type { Mention } from "~/api/types";
import { offers } from "~/lib/offered";
import { useStoryChanges } from "~/state/use-story-changes";
import css from "./detail.module.css";

/** The story the open mention belongs to, and the way out of it. */
export function StoryPart({ mention }: { mention: Mention }) {
  const { t } = useTranslation();
  const { split } = useStoryChanges();
  const { story } = mention;
  const told = Boolean(story && story.posts > 1) && offers("getStory");
  const title = useQuery({ ...storyQuery(story?.id ?? ""), enabled: told }).data?.title;
  if (!story || !told) return null;
  return (
    <section className={css.section}>
      <h2>{t("story.title", { count: story.posts })}</h2>
      <p className={css.story}>
        <Link to="/stories/$id" params={{ id: story.id }} title={title}>
          {title ?? t("story.open")}
        </Link>
        <button type="button" className={css.notHere} onClick={() => void split(story.id, [mention])}>
          {t("story.notHere")} <kbd aria-hidden>D</kbd>
        </button>
      </p>
    </section>
  );
}
