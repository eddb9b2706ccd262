import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Intent, Mention, MentionState, Stage, Tone } from "~/api/types";
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
      const done = tone ? t("judged.tone", { tone: t(`tone.${tone}`) }) : t("judged.machineAgain");
      void judge(cache, mentions, { tone }, { done, failed });
    },
    [cache, t, failed],
  );

  const setIntents = useCallback(
    (mentions: readonly Mention[], intents: Intent[] | null) => {
      const names = intents?.map((intent) => t(`intent.${intent}`)).join(", ") || t("intent.none");
      const done = intents ? t("judged.intents", { intents: names }) : t("judged.machineAgain");
      void judge(cache, mentions, { intents }, { done, failed });
    },
    [cache, t, failed],
  );

  const setStage = useCallback(
    (mentions: readonly Mention[], stage: Stage | "none" | null) => {
      const done = stage ? t("judged.stage", { stage: t(`stage.${stage}`) }) : t("judged.machineAgain");
      void judge(cache, mentions, { stage }, { done, failed });
    },
    [cache, t, failed],
  );

  const setSpam = useCallback(
    (mentions: readonly Mention[], spam: boolean | null) => {
      const done = spam === null ? t("judged.machineAgain") : t(spam ? "judged.spam" : "judged.notSpam");
      void judge(cache, mentions, { spam }, { done, failed });
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

  return { setState, setTone, setIntents, setStage, setSpam, addTag, removeTag };
}
