import { expect, it } from "vitest";
import { readStories, storyQuery } from "./story-address";

it("reads only what makes sense, and leaves out what is as always", () => {
  expect(readStories({ topic: "12", order: "newest", period: "all" })).toEqual({
    topic: "12",
    order: "newest",
    period: "all",
  });
  expect(readStories({ topic: "x", order: "largest", period: "7d", more: "1" })).toEqual({});
});

it("asks for the largest of seven days unless told otherwise", () => {
  const now = Date.parse("2026-11-22T10:00:30Z");
  expect(storyQuery({}, now)).toEqual({ order: "largest", from: "2026-11-15T10:00:00.000Z" });
  expect(storyQuery({ period: "all", order: "newest", topic: "4" }, now)).toEqual({ order: "newest", topic: "4" });
});
