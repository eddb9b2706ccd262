import { Button } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { topicsQuery } from "~/api/queries";
import { listStories, type StoryOrder } from "~/api/stories";
import { Empty } from "~/components/empty";
import { Loading } from "~/components/loading";
import { PageError } from "~/components/page-error";
import { Segments } from "~/components/segments";
import { MergeDialog } from "~/components/stories/merge-dialog";
import css from "~/components/stories/stories.module.css";
import { StoryRow } from "~/components/stories/story-row";
import { readStories, STORY_PERIODS, type StoryPeriod, storyQuery } from "~/lib/story-address";
import { useShortcuts } from "~/state/use-shortcuts";
import { useStoryChanges } from "~/state/use-story-changes";

const PAGE = 40;

/** What many say in the same words: the largest or newest stories, to be opened or made one. */
export function StoriesPage() {
  const { t } = useTranslation();
  const { merge: join } = useStoryChanges();
  const navigate = useNavigate();
  const raw = useSearch({ strict: false }) as Record<string, unknown>;
  const address = useMemo(() => readStories(raw), [raw]);
  const { topic = "", order = "largest", period = "7d" } = address;
  const topics = useQuery(topicsQuery).data ?? [];
  const [now] = useState(() => Date.now());
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [merging, setMerging] = useState(false);
  const list = useRef<HTMLUListElement>(null);

  const query = useInfiniteQuery({
    queryKey: ["stories", topic, order, period],
    queryFn: ({ pageParam, signal }) =>
      listStories({ ...storyQuery(address, now), limit: PAGE, cursor: pageParam ?? undefined }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const stories = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const most = Math.max(1, ...stories.map((story) => story.posts));
  const pair = stories.filter((story) => chosen.includes(story.id));

  const go = (change: Record<string, string | undefined>) => {
    setChosen([]);
    void navigate({ to: "/stories", search: readStories({ ...address, ...change }) });
  };
  const toggle = (id: string) =>
    setChosen((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]));
  const merge = async () => {
    const [first, second] = pair;
    if (!first || !second) return;
    await join(first.id, second.id);
    setChosen([]);
  };

  const step = (by: number) => {
    const links = [...(list.current?.querySelectorAll<HTMLAnchorElement>("a[data-story]") ?? [])];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
  };
  useShortcuts({
    next: () => step(1),
    previous: () => step(-1),
    select: () => {
      const id = (document.activeElement as HTMLElement | null)?.dataset.story;
      if (id) toggle(id);
    },
    merge: () => pair.length === 2 && setMerging(true),
    close: () => setChosen([]),
  });

  return (
    <div className="page">
      <div>
        <div className="page-head">
          <h1>{t("nav.stories")}</h1>
        </div>
        <p className={css.lead}>{t("stories.lead")}</p>
        <div className={css.tools}>
          <select
            className="field"
            aria-label={t("stories.topic")}
            value={topic}
            onChange={(event) => go({ topic: event.currentTarget.value || undefined })}
          >
            <option value="">{t("filters.allTopics")}</option>
            {topics.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
          <Segments
            label={t("stories.order")}
            value={order}
            options={(["largest", "newest"] satisfies StoryOrder[]).map((value) => ({
              value,
              label: t(`stories.orders.${value}`),
            }))}
            onChange={(value) => go({ order: value })}
          />
          <Segments
            label={t("filters.period")}
            value={period}
            options={STORY_PERIODS.map((value) => ({ value, label: t(`filters.periods.${value}`) }))}
            onChange={(value) => go({ period: value as StoryPeriod })}
          />
          {pair.length > 0 && (
            <Button size="compact-md" disabled={pair.length !== 2} onClick={() => setMerging(true)}>
              {pair.length === 2 ? t("stories.merge") : t("stories.chooseTwo")}{" "}
              {pair.length === 2 && <kbd aria-hidden>M</kbd>}
            </Button>
          )}
        </div>
        {query.isPending && <Loading />}
        {query.isError && stories.length === 0 && <PageError error={query.error} reset={() => void query.refetch()} />}
        {query.isSuccess && stories.length === 0 && (
          <div className="card">
            <Empty icon="copies" title={t("stories.none")} text={t("stories.noneHint")}>
              {period !== "all" && (
                <Button variant="default" onClick={() => go({ period: "all" })}>
                  {t("filters.periods.all")}
                </Button>
              )}
            </Empty>
          </div>
        )}
        {stories.length > 0 && (
          <ul
            ref={list}
            className={`card ${css.list}`}
            aria-label={t("nav.stories")}
            aria-busy={query.isPlaceholderData}
          >
            {stories.map((story) => (
              <StoryRow
                key={story.id}
                story={story}
                topics={topics}
                checked={chosen.includes(story.id)}
                most={most}
                onCheck={() => toggle(story.id)}
              />
            ))}
          </ul>
        )}
        {query.hasNextPage && (
          <div className={css.more}>
            <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t("stories.more")}
            </Button>
          </div>
        )}
      </div>
      {merging && pair.length === 2 && <MergeDialog stories={pair} onMerge={merge} onClose={() => setMerging(false)} />}
    </div>
  );
}
