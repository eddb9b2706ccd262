import { queryOptions } from "@tanstack/react-query";
import { getStory } from "./understanding";

export const storyQuery = (id: string) =>
  queryOptions({ queryKey: ["story", id], queryFn: () => getStory(id), staleTime: 30_000 });
