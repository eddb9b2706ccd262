import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { topicsQuery } from "~/api/queries";
import { storyQuery } from "~/api/stories";
import { Icon } from "~/components/icon";
import { Loading } from "~/components/loading";
import { PageError } from "~/components/page-error";
import form from "~/components/source/form.module.css";
import { Members } from "~/components/stories/members";
import { MergeWith } from "~/components/stories/merge-with";
import { Spread } from "~/components/stories/spread";
import css from "~/components/stories/stories.module.css";
import { Time } from "~/components/time";
import { useShortcuts } from "~/state/use-shortcuts";

/** One story: how it spread over time and networks, and its posts. */
export function StoryPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/frame/stories/$id" });
  const topics = useQuery(topicsQuery).data ?? [];
  const query = useQuery(storyQuery(id));
  const story = query.data;
  const [merging, setMerging] = useState(false);
  useShortcuts({ merge: () => setMerging(true) });
  return (
    <div className="page">
      <div>
        {query.isPending && <Loading />}
        {query.isError && !story && (
          <PageError
            page
            error={query.error}
            reset={() => void query.refetch()}
            back={{ to: "/stories", name: t("nav.stories") }}
          />
        )}
        {story && (
          <>
            <Link to="/stories" className={form.up}>
              <Icon name="left" /> {t("nav.stories")}
            </Link>
            <div className={css.head}>
              <h1>{story.title}</h1>
              <Button variant="default" size="compact-md" onClick={() => setMerging(true)}>
                {t("stories.mergeWith")} <kbd aria-hidden>M</kbd>
              </Button>
              <Button
                component={Link}
                to="/stream"
                search={{ story: story.id } as never}
                variant="default"
                size="compact-md"
              >
                {t("stories.inStream")}
              </Button>
            </div>
            <p className={css.lead}>
              {t("stories.posts", { count: story.posts })} · {t("stories.mentions", { count: story.mentions })} ·{" "}
              {t("stories.networkCount", { count: story.networks.length })} · <Time at={story.first_at} /> —{" "}
              <Time at={story.last_at} />
              {topics
                .filter((topic) => story.topic_ids.includes(topic.id))
                .map((topic) => (
                  <span key={topic.id}> · {topic.name}</span>
                ))}
              {story.split_by_people && <span> · {t("stories.splitByPeople")}</span>}
            </p>
            <Spread story={story} />
            <Members key={story.id} story={story} />
            {merging && <MergeWith story={story} onClose={() => setMerging(false)} />}
          </>
        )}
      </div>
    </div>
  );
}
