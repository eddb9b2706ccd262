import { QueryClient } from "@tanstack/react-query";
import { isProblem, Problem } from "./api/problem";
import { whenBack } from "./state/connection";

/** Answers that will be the same next time are not asked for again; the rest gets two more tries. */
function worthRetrying(failures: number, error: Error): boolean {
  if (isProblem(error) && error.status >= 400 && error.status < 500 && error.status !== 429) return false;
  if (error instanceof Problem && error.unreachable) return false;
  return failures < 2;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: worthRetrying, staleTime: 10_000, refetchOnWindowFocus: false, networkMode: "always" },
    mutations: { networkMode: "always" },
  },
});

whenBack(() => void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "mentions" }));
whenBack(() => void queryClient.refetchQueries({ predicate: (query) => query.state.status === "error" }));
