import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cancelReply, createReply, mentionRepliesQuery, type NewReply, type Reply } from "~/api/replies";
import { useLocale } from "~/components/use-locale";
import { useProblemText } from "~/components/use-problem-text";
import { useZone } from "~/components/use-zone";
import { EMPTY_DRAFT, type ReplyDraft } from "~/lib/replies/drafts";
import { when } from "~/lib/replies/later";
import { openReplyBox, setDraft } from "./reply-box";
import { showToast } from "./toasts";

interface Chosen extends Pick<NewReply, "account_id" | "visibility"> {
  /** When it goes out, in milliseconds; `null` is at once. */
  at: number | null;
}

/** Before the network gets it the undo must have gone, not after. */
const MARGIN_MS = 700;

/** Hands a draft to the outbox; for some seconds it can be taken back and is a draft again. */
export function useSendReply(mention: string, undoSeconds: number, onSent: () => void) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const refresh = () => cache.invalidateQueries({ queryKey: ["replies"] });

  const takeBack = async (reply: Reply, draft: ReplyDraft) => {
    try {
      await cancelReply(reply.id);
      // The files went with the reply that was taken back.
      setDraft(mention, { ...draft, files: undefined, key: undefined });
      openReplyBox(mention);
      showToast({ kind: "done", text: t("reply.toast.takenBack") });
    } catch (failure) {
      showToast({ kind: "error", text: problemText(failure) });
    }
    await refresh();
  };

  const tell = (reply: Reply, draft: ReplyDraft, scheduled: boolean) => {
    const undo = () => void takeBack(reply, draft);
    if (reply.state === "awaiting_approval") showToast({ kind: "done", text: t("reply.toast.awaiting"), undo });
    else if (scheduled) {
      const text = t("reply.toast.scheduled", { when: when(reply.send_after, zone, locale, Date.now()) });
      showToast({ kind: "done", text, undo });
    } else {
      const lastsMs = Math.max(1_000, undoSeconds * 1_000 - MARGIN_MS);
      showToast({ kind: "done", text: t("reply.toast.going", { count: undoSeconds }), undo, lastsMs });
    }
  };

  const send = async (draft: ReplyDraft, { at, ...chosen }: Chosen) => {
    const key = draft.key ?? newKey();
    // Kept with the words, so that a try after a lost answer, even after a reload, is the same reply.
    setDraft(mention, { ...draft, key });
    setBusy(true);
    setError(null);
    try {
      const body: NewReply = { ...chosen, text: draft.text.trim() };
      if (draft.files?.length) body.attachments = draft.files.map(({ id, alt }) => ({ id, alt }));
      if (at !== null) body.send_after = new Date(at).toISOString();
      const reply = await createReply(mention, body, key);
      setDraft(mention, EMPTY_DRAFT);
      cache.setQueryData(mentionRepliesQuery(mention).queryKey, (before: Reply[] | undefined) => [
        ...(before ?? []).filter((one) => one.id !== reply.id),
        reply,
      ]);
      tell(reply, draft, at !== null);
      onSent();
      void refresh();
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };

  return { send, busy, error };
}

/** `crypto.randomUUID` is not there on pages served without TLS; random bytes are. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
