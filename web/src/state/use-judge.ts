import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Mention, MentionState, Tone } from "~/api/types";
import { useProblemText } from "~/components/use-problem-text";
import { judge } from "./judge";

/** What a reader can do to mentions, each with its words for the toast. */
export function useJudge() {
  const cache = useQueryClient();
  const { t } = useTranslation();
  const failed = useProblemText();

  const setState = useCallback(
    (mentions: readonly Mention[], state: MentionState) =>
      void judge(cache, mentions, { state }, { done: t(`judged.${state}`, { count: mentions.length }), failed }),
    [cache, t, failed],
  );

  const setTone = useCallback(
    (mentions: readonly Mention[], tone: Tone | null) => {
      const done = tone ? t("judged.tone", { tone: t(`tone.${tone}`) }) : t("judged.toneCleared");
      void judge(cache, mentions, { tone }, { done, failed });
    },
    [cache, t, failed],
  );

  const addTag = useCallback(
    (mentions: readonly Mention[], tag: string) =>
      void judge(cache, mentions, { add_tags: [tag] }, { done: t("judged.tagAdded", { tag }), failed }),
    [cache, t, failed],
  );

  const removeTag = useCallback(
    (mentions: readonly Mention[], tag: string) =>
      void judge(cache, mentions, { remove_tags: [tag] }, { done: t("judged.tagRemoved", { tag }), failed }),
    [cache, t, failed],
  );

  return { setState, setTone, addTag, removeTag };
}

const CYCLE: (Tone | null)[] = [null, "negative", "neutral", "positive"];

/** The tone after this one, for the key that goes round. */
export function nextTone(tone: Tone | null): Tone | null {
  return CYCLE[(CYCLE.indexOf(tone) + 1) % CYCLE.length] ?? null;
}
