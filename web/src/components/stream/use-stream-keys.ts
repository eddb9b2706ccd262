import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useCallback, useMemo } from "react";
import { mentionQuery } from "~/api/queries";
import type { Mention, Tone } from "~/api/types";
import { folded } from "~/lib/folds";
import { isSpam } from "~/lib/judgement";
import { offers } from "~/lib/offered";
import { safeLink } from "~/lib/safe-link";
import { judgementMenu, type MenuKind } from "~/state/judgement-menu";
import { openReplyBox } from "~/state/reply-box";
import type { Checked } from "~/state/use-checked";
import { useJudge } from "~/state/use-judge";
import { useShortcuts } from "~/state/use-shortcuts";
import { useStoryChanges } from "~/state/use-story-changes";
import type { MentionListHandle } from "./mention-list";

interface StreamKeys {
  items: Mention[];
  openId: string | undefined;
  checked: Checked;
  open: (id: string | undefined) => void;
  showNew: () => Promise<void>;
  list: RefObject<MentionListHandle | null>;
}

/** The field for tags of the open mention; the label key goes there. */
export const TAG_FIELD = "mention-tag-field";
/** The field for tags of the checked mentions. */
export const BULK_TAG_FIELD = "bulk-tag-field";
export const DETAIL = "mention-detail";

/** The keyboard of the stream. Actions go to the checked mentions, or else to the open one. */
export function useStreamKeys(keys: StreamKeys) {
  const { items, openId, checked, open, showNew, list } = keys;
  const cache = useQueryClient();
  const judge = useJudge();
  const { split } = useStoryChanges();
  const rows = useMemo(() => folded(items), [items]);
  const at = useMemo(() => items.findIndex((mention) => mention.id === openId), [items, openId]);
  const current = at >= 0 ? items[at] : undefined;
  const row = useMemo(
    () => (current ? rows.findIndex(({ mentions }) => mentions.includes(current)) : -1),
    [rows, current],
  );

  const go = useCallback(
    (next: Mention | undefined) => {
      if (!next) return;
      open(next.id);
      list.current?.show(next.id);
    },
    [open, list],
  );
  const move = useCallback(
    (step: number) => go(rows[row < 0 ? 0 : Math.min(Math.max(row + step, 0), rows.length - 1)]?.lead),
    [rows, row, go],
  );

  /** A mention opened by its address may stand outside of the list. */
  const targets = (): Mention[] => {
    if (checked.mentions.length > 0) return checked.mentions;
    const one = current ?? (openId ? cache.getQueryData(mentionQuery(openId).queryKey) : undefined);
    return one ? [one] : [];
  };

  /**
   * Deciding on the open mention leads on to the next, which may be the same post in another topic; the same key again takes
   * the decision back.
   */
  const decide = (state: "kept" | "binned") => {
    const mentions = targets();
    const already = mentions.every((mention) => mention.state === state);
    judge.setState(mentions, already ? "new" : state);
    if (checked.ids.size > 0) checked.clear();
    else if (!already && current) go(items[at + 1]);
  };

  const setTone = (tone: Tone | null) => judge.setTone(targets(), tone);
  const menu = (kind: MenuKind) => {
    const mentions = targets();
    if (mentions.length > 0) judgementMenu.set({ kind, mentions });
  };

  useShortcuts({
    next: () => move(1),
    previous: () => move(-1),
    open: () => {
      if (current) document.getElementById(DETAIL)?.focus();
      else move(0);
    },
    close: () => {
      if (checked.ids.size > 0) checked.clear();
      else if (openId) open(undefined);
    },
    original: () => {
      const link = safeLink(targets()[0]?.post.url);
      if (link) window.open(link, "_blank", "noopener,noreferrer");
    },
    showNew: () => void showNew(),
    keep: () => decide("kept"),
    bin: () => decide("binned"),
    tone: () => menu("tone"),
    intents: () => menu("intents"),
    stage: () => menu("stage"),
    spam: () => {
      const mentions = targets();
      if (mentions.length > 0) judge.setSpam(mentions, !mentions.every(isSpam));
    },
    ...(offers("createReply") && {
      reply: () => {
        const mention = targets()[0];
        if (!mention) return;
        if (mention.id !== openId) open(mention.id);
        openReplyBox(mention.id);
      },
    }),
    notHere: () => {
      const mentions = targets().filter(({ story }) => story && story.posts > 1);
      for (const id of new Set(mentions.map(({ story }) => story?.id ?? ""))) {
        void split(
          id,
          mentions.filter(({ story }) => story?.id === id),
        );
      }
    },
    toneNegative: () => setTone("negative"),
    toneNeutral: () => setTone("neutral"),
    tonePositive: () => setTone("positive"),
    label: () => document.getElementById(checked.ids.size > 0 ? BULK_TAG_FIELD : TAG_FIELD)?.focus(),
    select: () => row >= 0 && checked.toggle(rows[row]?.mentions ?? []),
  });

  return { current, move };
}
