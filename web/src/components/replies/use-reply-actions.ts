import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { approveReply, cancelReply, type Reply, type ReplyChange, sendReplyAgain, updateReply } from "~/api/replies";
import { showToast } from "~/state/toasts";
import { useProblemText } from "../use-problem-text";

/** What can be done to a reply that cannot be taken back: pressed once it asks, pressed again it is done. */
export const DEEDS = ["approve", "again", "cancel"] as const;
export type Deed = (typeof DEEDS)[number];

const CALLS = { approve: approveReply, again: sendReplyAgain, cancel: cancelReply } as const;
const DONE = { approve: "reply.approved", again: "reply.sentAgain", cancel: "reply.cancelled" } as const;

export function allowed(reply: Reply, deed: Deed): boolean {
  if (deed === "approve") return reply.may.approve;
  return deed === "again" ? reply.may.send_again : reply.may.cancel;
}

export function useReplyActions() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const problemText = useProblemText();
  /** The reply and the deed that wait for a second press. */
  const [armed, setArmed] = useState<{ id: string; deed: Deed } | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const refresh = () => cache.invalidateQueries({ queryKey: ["replies"] });

  const run = async (reply: Reply, deed: Deed) => {
    setArmed(null);
    setBusy(reply.id);
    try {
      await CALLS[deed](reply.id);
      const aside = deed === "cancel" && reply.state === "refused";
      showToast({ kind: "done", text: t(aside ? "reply.putAside" : DONE[deed]) });
    } catch (error) {
      showToast({ kind: "error", text: problemText(error) });
    }
    await refresh();
    setBusy(null);
  };

  /** The first press asks, the second does it. */
  const press = (reply: Reply, deed: Deed) => {
    if (busy === reply.id || !allowed(reply, deed)) return;
    if (armed?.id === reply.id && armed.deed === deed) void run(reply, deed);
    else setArmed({ id: reply.id, deed });
  };

  const change = async (reply: Reply, changed: ReplyChange) => {
    await updateReply(reply.id, changed);
    showToast({ kind: "done", text: t("reply.changed") });
    await refresh();
  };

  return { armed, busy, press, disarm: () => setArmed(null), change };
}

export type ReplyActions = ReturnType<typeof useReplyActions>;
