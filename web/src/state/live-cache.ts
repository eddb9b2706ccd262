import type { LogEvent } from "~/api/types";
import { queryClient } from "~/query-client";
import { onEvent, onLiveReset } from "./live";

/** Events come in bursts; what they touch is asked for again once the burst is over. */
const GATHER_MS = 400;

const KEYS: Record<string, string[]> = {
  topic: ["topics", "topic"],
  source: ["sources", "source", "ledger", "source-ledger"],
  token: ["tokens"],
  view: ["views"],
  workspace: ["session"],
  reply: ["replies"],
  account: ["accounts", "reply-options"],
  list: ["lists", "list", "query-language", "query-check", "query-preview", "query-effects"],
};

/** Keeps lists other than the stream's fresh while the page is open. */
export function followEvents(): () => void {
  const touched = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const refresh = () => {
    timer = undefined;
    const keys = new Set(touched);
    touched.clear();
    void queryClient.invalidateQueries({ predicate: (query) => keys.has(String(query.queryKey[0])) });
  };

  const stopEvents = onEvent((event: LogEvent) => {
    const family = event.kind.split(".")[0] ?? "";
    for (const key of KEYS[family] ?? []) touched.add(key);
    if (touched.size > 0) timer ??= setTimeout(refresh, GATHER_MS);
  });
  const stopReset = onLiveReset(() => {
    void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "mentions" });
  });

  return () => {
    clearTimeout(timer);
    stopEvents();
    stopReset();
  };
}
