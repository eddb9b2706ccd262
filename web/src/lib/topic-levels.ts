import type { Topic, TopicLevel } from "~/api/types";

/** The widest first. */
export const LEVELS: TopicLevel[] = ["company", "brand", "product", "service"];

/** The widest level at which there is a topic of our own: our share of voice is one among topics of this level. */
export function widestOwn(topics: Pick<Topic, "kind" | "level">[]): TopicLevel | undefined {
  return LEVELS.find((level) => topics.some((topic) => topic.kind === "own" && topic.level === level));
}
