import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { components } from "./schema.gen";

/** Access by consent on a network's own page. */
type Schemas = components["schemas"];

export type ConsentOffer = Schemas["ConsentOffer"];
export type ConsentDraft = Schemas["ConsentDraft"];
export type ConsentClients = Schemas["ConsentClients"];

/** Leaves this page for the network's; that one sends the browser back. */
export async function goAndAgree(body: ConsentDraft): Promise<void> {
  const { address } = await answer(client.POST("/api/oauth", { body }));
  window.location.assign(address);
}

const path = (connector: string) => ({ params: { path: { connector } } });

export const setConsentClient = (connector: string, body: Schemas["ConsentClientDraft"]) =>
  answer(client.PUT("/api/oauth/clients/{connector}", { ...path(connector), body }));
export const forgetConsentClient = (connector: string, server: string) =>
  answer(client.DELETE("/api/oauth/clients/{connector}", { params: { path: { connector }, query: { server } } }));

export const consentClientsQuery = queryOptions({
  queryKey: ["consent-clients"],
  queryFn: () => answer(client.GET("/api/oauth/clients")),
  staleTime: 30_000,
});
