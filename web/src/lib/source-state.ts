import type { SourceState } from "~/api/types";
import type { Look } from "~/components/badge";

/** How each state of a source looks; its word comes from the locale. */
export const STATE_LOOKS: Record<SourceState, Look> = {
  starting: { icon: "hourglass", colour: "calm" },
  running: { icon: "check", colour: "good" },
  silent: { icon: "silent", colour: "warn" },
  failing: { icon: "warning", colour: "bad" },
  stopped: { icon: "stop", colour: "bad" },
  paused: { icon: "pause", colour: "calm" },
  finished: { icon: "finished", colour: "calm" },
};

/** A person should look: it fails or has stopped. */
export function needsCare(state: SourceState): boolean {
  return STATE_LOOKS[state].colour === "bad";
}

/** Troubled ones first, then those at work, then the rest; by name within. */
const ORDER: SourceState[] = ["stopped", "failing", "silent", "starting", "running", "paused", "finished"];

export function byUrgency<T extends { state: SourceState; name: string }>(sources: readonly T[]): T[] {
  return [...sources].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.name.localeCompare(b.name));
}
