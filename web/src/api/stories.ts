import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { components, operations } from "./schema.gen";

/** Stories: posts that say the same. */
type Schemas = components["schemas"];

export type Story = Schemas["Story"];
export type StoryDetail = Schemas["StoryDetail"];
export type StoryQuery = NonNullable<operations["listStories"]["parameters"]["query"]>;
export type StoryOrder = NonNullable<StoryQuery["order"]>;

const of = (id: string) => ({ params: { path: { id } } });

export const listStories = (query: StoryQuery, signal?: AbortSignal) =>
  answer(client.GET("/api/stories", { params: { query }, signal }));
export const getStory = (id: string) => answer(client.GET("/api/stories/{id}", of(id)));
/** The posts of the other story join this one. */
export const mergeStories = (id: string, other: string) =>
  answer(client.POST("/api/stories/{id}/merge", { ...of(id), body: { with: other } }));
/** Takes posts out into a story of their own, which is answered. A story keeps its first post: named, it lets the others go. */
export const splitStory = (id: string, posts: readonly string[]) =>
  answer(client.POST("/api/stories/{id}/split", { ...of(id), body: { post_ids: [...posts] } }));

export const storyQuery = (id: string) =>
  queryOptions({ queryKey: ["story", id], queryFn: () => getStory(id), staleTime: 30_000 });
