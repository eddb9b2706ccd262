import type { Account, AccountState, ReplyState } from "~/api/replies";
import type { Look } from "~/components/badge";

/** How each state of a reply looks; its word comes from the locale. */
export const REPLY_LOOKS: Record<ReplyState, Look> = {
  awaiting_approval: { icon: "user", colour: "warn" },
  waiting: { icon: "hourglass", colour: "calm" },
  sending: { icon: "up", colour: "calm" },
  unsure: { icon: "search", colour: "warn" },
  sent: { icon: "check", colour: "good" },
  retrying: { icon: "retry", colour: "warn" },
  refused: { icon: "stop", colour: "bad" },
  cancelled: { icon: "close", colour: "calm" },
};

/** How an account is: its state, or that its token ends soon. */
export type AccountHealth = AccountState | "expiring" | "limited";

export function healthOf({ state, expiring, facts }: Pick<Account, "state" | "expiring" | "facts">): AccountHealth {
  if (state !== "connected") return state;
  if (expiring) return "expiring";
  return facts?.missing ? "limited" : "connected";
}

export const ACCOUNT_LOOKS: Record<AccountHealth, Look> = {
  connected: { icon: "check", colour: "good" },
  expiring: { icon: "clock", colour: "warn" },
  limited: { icon: "warning", colour: "warn" },
  expired: { icon: "stop", colour: "bad" },
  revoked: { icon: "stop", colour: "bad" },
  disconnected: { icon: "close", colour: "calm" },
};
