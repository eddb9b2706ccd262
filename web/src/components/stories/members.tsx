import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { mergeStories, type StoryDetail, splitStory } from "~/api/stories";
import type { Selection } from "~/lib/selection";
import { excerpt, spansOf } from "~/lib/spans";
import { showToast } from "~/state/toasts";
import { useFound } from "~/state/use-search";
import { JudgementMarks } from "../judgement/marks";
import { Loading } from "../loading";
import { MarkedText } from "../marked-text";
import { NetworkBadge } from "../network-badge";
import { PageError } from "../page-error";
import { Time } from "../time";
import { useProblemText } from "../use-problem-text";
import css from "./stories.module.css";

const ALIKE = { tone: true, intents: true, stage: true, spam: true } as const;

/** The posts of a story, the earliest first; some can be taken out of it. */
export function Members({ story }: { story: StoryDetail }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const problem = useProblemText();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const selection = useMemo<Selection>(
    () => ({ story: [story.id], include: ["binned", "copies", "spam"] }),
    [story.id],
  );
  const { query, items } = useFound(selection, "oldest");

  const toggle = (post: string) =>
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(post)) next.add(post);
      return next;
    });

  const refresh = () =>
    Promise.all(
      [["story"], ["stories"], ["mentions", "search"]].map((queryKey) => cache.invalidateQueries({ queryKey })),
    );
  const split = async () => {
    setBusy(true);
    try {
      const posts = [...chosen];
      const made = await splitStory(story.id, posts);
      setChosen(new Set());
      await refresh();
      showToast({
        kind: "done",
        text: t("stories.splitDone", { count: posts.length }),
        undo: () =>
          void mergeStories(story.id, made.id)
            .then(refresh)
            .catch((error: unknown) => showToast({ kind: "error", text: problem(error) })),
      });
    } catch (error) {
      showToast({ kind: "error", text: problem(error) });
    }
    setBusy(false);
  };

  return (
    <section className={`card ${css.members}`} aria-label={t("stories.members")}>
      <div className={css.membersHead}>
        <h2>{t("stories.members")}</h2>
        <Link to="/search" search={{ story: [story.id], include: ["copies", "spam"] } as never}>
          {t("stories.inSearch")}
        </Link>
        {chosen.size > 0 && (
          <Button size="compact-sm" variant="default" loading={busy} onClick={() => void split()}>
            {t("stories.split", { count: chosen.size })}
          </Button>
        )}
      </div>
      {query.isPending && <Loading />}
      {query.isError && items.length === 0 && <PageError error={query.error} reset={() => void query.refetch()} />}
      <ul>
        {items.map((mention) => {
          const { post } = mention;
          const id = post.id ?? mention.id;
          const author = post.author.name ?? post.author.handle ?? t("mention.unknownAuthor");
          const text = excerpt(post.text, spansOf(mention.spans, false));
          return (
            <li key={mention.id} className={css.member}>
              <input
                type="checkbox"
                checked={chosen.has(id)}
                aria-label={t("stories.take", { author })}
                onChange={() => toggle(id)}
              />
              <div>
                <p className={css.facts}>
                  <NetworkBadge network={post.network} size={18} />
                  <Link to="/stream" search={{ mention: mention.id }} className={css.author}>
                    {author}
                  </Link>
                  <Time at={post.published_at} />
                  <JudgementMarks mention={mention} alike={ALIKE} />
                </p>
                <p className={css.text}>
                  <MarkedText text={text.text} spans={text.spans} />
                </p>
              </div>
            </li>
          );
        })}
      </ul>
      {query.hasNextPage && (
        <Button
          variant="default"
          size="compact-md"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("stories.moreMembers")}
        </Button>
      )}
    </section>
  );
}
