// Access by consent: the network's page agrees at once and sends the browser back.
import { ok, problem } from "./answers.mjs";
import { makeAccount } from "./reply-routes.mjs";

export function consentRoutes({ state, emit }) {
  state.registered ??= [];
  /** What the network says next: `agrees` or the code of a problem. */
  state.consent ??= { says: "agrees", asked: [] };
  const done = (account) => ok({ address: `/settings/accounts?connected=${account.id}` });

  function agreed(body) {
    if (body.account_id) {
      const account = state.accounts.find(({ id }) => id === body.account_id);
      Object.assign(account, { state: "connected", expiring: false, problem: null });
      emit("account.changed", account.id);
      return account;
    }
    const { connector, name, settings, needs_approval } = body.account;
    const since = new Date().toISOString();
    const access = { since, renews: true, ends_at: null };
    const account = makeAccount(connector, name || "@molva_help", { settings, needs_approval, access });
    state.accounts.push(account);
    emit("account.created", account.id);
    return account;
  }

  const wayBack = "https://molva.example/api/oauth/callback";
  return [
    [
      "POST",
      "/api/oauth",
      ({ body }) => {
        state.consent.asked.push(body);
        const { says } = state.consent;
        return says === "agrees" ? done(agreed(body)) : problem(409, says, `the network says ${says}`);
      },
    ],
    ["GET", "/api/oauth/clients", () => ok({ redirect_address: wayBack, servers: [], items: state.registered })],
    [
      "PUT",
      "/api/oauth/clients/:id",
      ({ id, body }) => {
        const { server, client_id, client_secret } = body;
        const kept = { connector: id, server, client_id, redirect_address: wayBack, secret_set: client_secret !== "" };
        state.registered = [...state.registered.filter(({ connector }) => connector !== id), kept];
        return { status: 204 };
      },
    ],
    [
      "DELETE",
      "/api/oauth/clients/:id",
      ({ id }) => {
        state.registered = state.registered.filter(({ connector }) => connector !== id);
        return { status: 204 };
      },
    ],
  ];
}
