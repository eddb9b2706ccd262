import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useCallback, useMemo } from "react";
import { mentionQuery } from "~/api/queries";
import type { Mention, Tone } from "~/api/types";
import { safeLink } from "~/lib/safe-link";
import { nextTone, useJudge } from "~/state/use-judge";
import { useShortcuts } from "~/state/use-shortcuts";
import type { MentionListHandle } from "./mention-list";

interface StreamKeys {
  items: Mention[];
  openId: string | undefined;
  checked: ReadonlySet<string>;
  clearChecked: () => void;
  toggleChecked: (id: string) => void;
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
  const { items, openId, checked, clearChecked, toggleChecked, open, showNew, list } = keys;
  const cache = useQueryClient();
  const judge = useJudge();
  const index = useMemo(() => items.findIndex((mention) => mention.id === openId), [items, openId]);
  const current = index >= 0 ? items[index] : undefined;

  const move = useCallback(
    (step: number) => {
      const next = items[index < 0 ? 0 : Math.min(Math.max(index + step, 0), items.length - 1)];
      if (!next) return;
      open(next.id);
      list.current?.show(next.id);
    },
    [items, index, open, list],
  );

  /** A mention opened by its address may stand outside of the list. */
  const targets = (): Mention[] => {
    const chosen = items.filter((mention) => checked.has(mention.id));
    if (chosen.length > 0) return chosen;
    const one = current ?? (openId ? cache.getQueryData(mentionQuery(openId).queryKey) : undefined);
    return one ? [one] : [];
  };

  /** Deciding on the open mention leads on to the next; the same key again takes the decision back. */
  const decide = (state: "kept" | "binned") => {
    const mentions = targets();
    const already = mentions.every((mention) => mention.state === state);
    judge.setState(mentions, already ? "new" : state);
    if (checked.size > 0) clearChecked();
    else if (!already && current) move(1);
  };

  const setTone = (tone: Tone | null) => judge.setTone(targets(), tone);

  useShortcuts({
    next: () => move(1),
    previous: () => move(-1),
    open: () => {
      if (current) document.getElementById(DETAIL)?.focus();
      else move(0);
    },
    close: () => {
      if (checked.size > 0) clearChecked();
      else if (openId) open(undefined);
    },
    original: () => {
      const link = safeLink(targets()[0]?.post.url);
      if (link) window.open(link, "_blank", "noopener,noreferrer");
    },
    showNew: () => void showNew(),
    keep: () => decide("kept"),
    bin: () => decide("binned"),
    tone: () => {
      const first = targets()[0];
      if (first) setTone(nextTone(first.tone));
    },
    toneNegative: () => setTone("negative"),
    toneNeutral: () => setTone("neutral"),
    tonePositive: () => setTone("positive"),
    label: () => document.getElementById(checked.size > 0 ? BULK_TAG_FIELD : TAG_FIELD)?.focus(),
    select: () => current && toggleChecked(current.id),
  });

  return { current, move };
}
