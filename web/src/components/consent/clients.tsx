import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type ConsentClients as Clients, type ConsentOffer, consentClientsQuery } from "~/api/consent";
import { connectorsQuery, sessionQuery } from "~/api/queries";
import type { Connector } from "~/api/types";
import { Copyable } from "../copyable";
import { Notice } from "../notice";
import { Sentence } from "../sentence";
import form from "../source/form.module.css";
import { Client, type Place } from "./client";

type Offering = Connector & { oauth: ConsentOffer };

/** Where an owner tells Molva what it is registered as with networks that want that by hand. */
export function ConsentClients() {
  const { t } = useTranslation();
  const role = useQuery(sessionQuery).data?.user.role;
  const connectors = useQuery(connectorsQuery).data ?? [];
  const clients = useQuery(consentClientsQuery).data;
  const able = connectors.filter((one): one is Offering => !!one.oauth && one.oauth.client !== "network");
  if (able.length === 0 || !clients || !["owner", "admin"].includes(role ?? "")) return null;
  const places = able.flatMap((one) => placesOf(one, clients, t("consent.anotherProvider")));
  return (
    <section aria-labelledby="networks" className={form.guide} style={{ padding: 0 }}>
      <h2 id="networks">{t("consent.networks")}</h2>
      <p className="dim">{t("consent.networksLead")}</p>
      {clients.redirect_address ? (
        <div>
          <p>{t("consent.redirect")}</p>
          <Copyable text={clients.redirect_address} />
        </div>
      ) : (
        <Notice kind="warning">
          <Sentence text={t("consent.noAddress")} />
        </Notice>
      )}
      {places.map((place) => (
        <Client key={`${place.connector} ${place.server ?? "another"}`} place={place} />
      ))}
    </section>
  );
}

/** One, or one for each server of the network, those that an owner added among them, and an empty one for the next. */
function placesOf({ name, title, oauth }: Offering, clients: Clients, another: string): Place[] {
  const registered = clients.items.filter(({ connector }) => connector === name);
  if (oauth.client === "owner") {
    const { console, steps, needs_secret } = oauth;
    const known = registered.find(({ server }) => server === "") ?? null;
    return [{ connector: name, server: "", title, console, steps, needsSecret: needs_secret, redirect: null, known }];
  }
  const known = oauth.servers.map((one): Place => {
    const address = clients.servers.find(({ server }) => server === one.server);
    return {
      ...one,
      connector: name,
      title: `${title}: ${one.title}`,
      needsSecret: false,
      redirect: address?.redirect_address ?? null,
      known: registered.find(({ server }) => server === one.server) ?? null,
    };
  });
  const own = registered.filter(({ server }) => !oauth.servers.some((one) => one.server === server));
  const added = own.map((one): Place => {
    const { server, redirect_address } = one;
    const labelled = `${title}: ${server}`;
    return {
      connector: name,
      server,
      title: labelled,
      console: null,
      steps: null,
      needsSecret: false,
      redirect: redirect_address,
      known: one,
    };
  });
  const next: Place = {
    connector: name,
    server: null,
    title: `${title}: ${another}`,
    console: null,
    steps: null,
    needsSecret: false,
    redirect: null,
    known: null,
  };
  return [...known, ...added, next];
}
