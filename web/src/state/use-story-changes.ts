import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { getMention } from "~/api/operations";
import { mergeStories, type Story, splitStory } from "~/api/stories";
import type { Mention } from "~/api/types";
import { useProblemText } from "~/components/use-problem-text";
import { patchCaches } from "./judge";
import { showToast } from "./toasts";

/** More than these are not asked for anew; their lists show the old story until they are loaded again. */
const MOST_SHOWN = 20;

/** What a reader can do to stories: what a person says of them holds whatever the machine finds alike. */
export function useStoryChanges() {
  const cache = useQueryClient();
  const { t } = useTranslation();
  const problem = useProblemText();

  /** Lists of mentions stay as they are, so that nothing moves under the reader: only their marks change. */
  const refresh = useCallback(
    async (mentions: readonly Mention[]) => {
      const shown = mentions.slice(0, MOST_SHOWN);
      const [fresh] = await Promise.all([
        Promise.all(shown.map(({ id }) => getMention(id))),
        ...["story", "stories"].map((key) => cache.invalidateQueries({ queryKey: [key] })),
        cache.invalidateQueries({ queryKey: ["mentions", "search"], predicate: ({ queryKey }) => isOfStory(queryKey) }),
      ]);
      patchCaches(cache, fresh);
    },
    [cache],
  );
  const failed = useCallback((error: unknown) => showToast({ kind: "error", text: problem(error) }), [problem]);

  /** Takes the posts of mentions out of their story; answers the new one. Taken back by merging the two again. */
  const split = useCallback(
    async (story: string, mentions: readonly Mention[]): Promise<Story | null> => {
      const posts = [...new Set(mentions.map(({ id, post }) => post.id ?? id))];
      try {
        const made = await splitStory(story, posts);
        showToast({
          kind: "done",
          text: t("story.splitDone", { count: posts.length }),
          undo: () =>
            void mergeStories(story, made.id)
              .then(() => refresh(mentions))
              .catch(failed),
        });
        await refresh(mentions);
        return made;
      } catch (error) {
        failed(error);
        return null;
      }
    },
    [t, refresh, failed],
  );

  /** Makes two stories one, for good: whoever calls it has asked before. */
  const merge = useCallback(
    async (story: string, other: string) => {
      await mergeStories(story, other);
      showToast({ kind: "done", text: t("story.merged") });
      await refresh([]);
    },
    [t, refresh],
  );

  return { split, merge };
}

/** The list of the members of a story, as the search keeps it. */
function isOfStory(key: readonly unknown[]): boolean {
  return String(key[2]).includes('"story"');
}
