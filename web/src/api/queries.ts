import { queryOptions } from "@tanstack/react-query";
import { localePreference } from "~/state/preferences";
import * as archive from "./archive";
import * as api from "./operations";

/** What the cache holds, by key; one place, so that a change knows what to refresh. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: api.getSession,
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

export const topicsQuery = queryOptions({ queryKey: ["topics"], queryFn: api.listTopics, staleTime: 30_000 });

export const topicQuery = (id: string) =>
  queryOptions({ queryKey: ["topic", id], queryFn: () => api.getTopic(id), staleTime: 5_000 });

/** Sentences come in the language of the page, so each language has its own. */
export const queryLanguageQuery = (locale: string) =>
  queryOptions({ queryKey: ["query-language", locale], queryFn: api.queryLanguage, staleTime: 300_000 });

export const listsQuery = queryOptions({ queryKey: ["lists"], queryFn: api.listLists, staleTime: 30_000 });

export const listQuery = (id: string) =>
  queryOptions({ queryKey: ["list", id], queryFn: () => api.getList(id), staleTime: 5_000 });

export const tagsQuery = queryOptions({ queryKey: ["tags"], queryFn: api.listTags, staleTime: 30_000 });

export const connectorsQuery = queryOptions({
  queryKey: ["connectors"],
  queryFn: api.listConnectors,
  staleTime: Number.POSITIVE_INFINITY,
});

/** A source that dies must turn red within a minute even when no event arrives, hence the polling. */
const SOURCE_POLL_MS = 10_000;

export const sourcesQuery = queryOptions({
  queryKey: ["sources"],
  queryFn: api.listSources,
  refetchInterval: SOURCE_POLL_MS,
});

export const sourceQuery = (id: string) =>
  queryOptions({ queryKey: ["source", id], queryFn: () => api.getSource(id), refetchInterval: SOURCE_POLL_MS });

export const sourceLedgerQuery = (id: string) =>
  queryOptions({
    queryKey: ["source-ledger", id],
    queryFn: () => api.getSourceLedger(id),
    staleTime: 30_000,
    refetchInterval: 60_000,
  });

export const sourceSearchQuery = (id: string) =>
  queryOptions({
    queryKey: ["source-search", id],
    queryFn: () => api.getSourceSearch(id),
    staleTime: 10_000,
  });

export const sourceWebhookQuery = (id: string) =>
  queryOptions({
    queryKey: ["source-webhook", id],
    queryFn: () => api.getSourceWebhook(id),
    refetchInterval: SOURCE_POLL_MS,
  });

export const ledgerQuery = queryOptions({
  queryKey: ["ledger"],
  queryFn: api.getLedger,
  refetchInterval: SOURCE_POLL_MS,
});

export const tokensQuery = queryOptions({ queryKey: ["tokens"], queryFn: api.listTokens });

export const mentionQuery = (id: string) =>
  queryOptions({ queryKey: ["mention", id], queryFn: () => api.getMention(id), staleTime: 60_000 });

export const copiesQuery = (id: string) =>
  queryOptions({ queryKey: ["copies", id], queryFn: () => api.listCopies(id), staleTime: 30_000 });

export const versionsQuery = (id: string, edits: number) =>
  queryOptions({ queryKey: ["versions", id, edits], queryFn: () => api.listVersions(id), staleTime: 30_000 });

export const similarQuery = (id: string) =>
  queryOptions({ queryKey: ["similar", id], queryFn: () => archive.similarMentions(id), staleTime: 60_000 });

export const viewsQuery = queryOptions({ queryKey: ["views"], queryFn: archive.listViews, staleTime: 30_000 });

/** A rebuild shows its progress; otherwise the archive is asked now and then. */
export const archiveQuery = queryOptions({
  queryKey: ["archive"],
  queryFn: archive.getArchive,
  refetchInterval: (query) => (query.state.data?.rebuilding || query.state.data?.filling ? 1_000 : SOURCE_POLL_MS),
});

/** Sentences come in the language of the page, so each language has its own. */
export const explanationQuery = (id: string) =>
  queryOptions({
    queryKey: ["explanation", id, localePreference.get()],
    queryFn: () => api.explainMention(id),
    staleTime: 300_000,
    retry: false,
  });
