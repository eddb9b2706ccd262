import type { Judgement } from "~/lib/mention-change";
import type { Selection } from "~/lib/selection";
import { answer, client } from "./client";
import type { components } from "./schema.gen";

/** The archive's part of the API: search and its figures, saved views, exports, the state of the index. */
type Schemas = components["schemas"];
const path = (id: string) => ({ params: { path: { id } } });

export type FoundMention = Schemas["Mention"];
export type FoundPage = Schemas["SearchPage"];
export type FacetCounts = Schemas["SearchFacets"]["facets"][number];
export type FacetValue = FacetCounts["values"][number];
export type SearchOrder = Schemas["SearchOrder"];
export type Timeline = Schemas["Timeline"];
export type TimeBucket = Timeline["buckets"][number];
export type TimeUnit = Timeline["unit"];
export type View = Schemas["View"];
export type ViewDraft = Schemas["ViewDraft"];
export type ArchiveStatus = Schemas["ArchiveStatus"];
export type Progress = Schemas["ArchiveProgress"];
export type TrustGap = Pick<Schemas["Trust"]["gaps"][number], "from" | "to">;
/** What every figure says about itself: how far the archive is filled, and which months are damaged. */
export type Completeness = Pick<FoundPage, "incomplete" | "missing">;

export type ExportFormat = Schemas["ExportFormat"];

/** An address may hold any text in its lists; the server says which it does not know. */
const asked = (selection: Selection) => selection as Schemas["Selection"];

export const searchMentions = (
  { selection, ...body }: { selection: Selection; order: SearchOrder; cursor?: string; limit: number },
  signal?: AbortSignal,
) => answer(client.POST("/api/search", { body: { ...body, selection: asked(selection) }, signal }));
export const countSearch = (selection: Selection, signal?: AbortSignal) =>
  answer(client.POST("/api/search/count", { body: { selection: asked(selection) }, signal }));
export const searchFacets = (
  body: { selection: Selection; facets: readonly string[]; limit: number },
  signal?: AbortSignal,
) => answer(client.POST("/api/search/facets", { body: body as Schemas["FacetsRequest"], signal }));
export const searchTimeline = (selection: Selection, signal?: AbortSignal) =>
  answer(client.POST("/api/search/timeline", { body: { selection: asked(selection) }, signal }));
export const changeFound = (body: { selection: Selection; change: Judgement; expected: number }) =>
  answer(client.POST("/api/search/change", { body: body as Schemas["FoundChange"] }));
export const similarMentions = async (id: string) =>
  (await answer(client.GET("/api/mentions/{id}/similar", path(id)))).items;

export const listViews = async () => (await answer(client.GET("/api/views"))).items;
export const createView = (body: ViewDraft) => answer(client.POST("/api/views", { body }));
export const updateView = (id: string, body: ViewDraft) => answer(client.PUT("/api/views/{id}", { ...path(id), body }));
export const deleteView = (id: string) => answer(client.DELETE("/api/views/{id}", path(id)));

export const updateWorkspace = (body: Schemas["WorkspaceChange"]) => answer(client.PATCH("/api/workspace", { body }));
export const getArchive = () => answer(client.GET("/api/archive"));
export const rebuildArchive = () => answer(client.POST("/api/archive/rebuild"));

export const createExport = (body: { what: "mentions"; selection: Selection; format: ExportFormat }) =>
  answer(client.POST("/api/exports", { body: body as Schemas["ExportRequest"] }));
