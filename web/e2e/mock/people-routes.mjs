// Setup, session, tokens.
import { ok, problem } from "./answers.mjs";
import { newId } from "./posts.mjs";

export function peopleRoutes({ state }) {
  const me = () =>
    ok({
      user: { id: "1", name: "Мария Ли", login: "maria", role: "owner", locale: state.locale },
      workspace: state.workspace,
      version: "0.1.0",
      live_demo: true,
    });
  return [
    ["GET", "/api/setup", () => ok({ needed: state.setup, version: "0.1.0" })],
    [
      "POST",
      "/api/setup",
      ({ body }) => {
        if (body.secret !== "one-time") return problem(403, "setup_link_invalid", "the link is not valid");
        if (body.password.length < 10)
          return problem(422, "invalid", "", [{ field: "password", code: "short", message: "не короче 10 знаков" }]);
        Object.assign(state, { setup: false, signedIn: true, locale: body.locale });
        return { ...me(), status: 201 };
      },
    ],
    [
      "POST",
      "/api/session",
      ({ body }) => {
        if (body.password !== "correct horse") return problem(401, "wrong_credentials", "Логин или пароль не подходят");
        state.signedIn = true;
        return me();
      },
    ],
    ["GET", "/api/session", me],
    [
      "DELETE",
      "/api/session",
      () => {
        state.signedIn = false;
        return { status: 204 };
      },
    ],
    [
      "PATCH",
      "/api/session",
      ({ body }) => {
        if (body.locale) state.locale = body.locale;
        return me();
      },
    ],
    ["GET", "/api/tokens", () => ok({ items: state.tokens })],
    [
      "POST",
      "/api/tokens",
      ({ body }) => {
        const token = {
          id: newId(),
          name: body.name,
          scopes: body.scopes,
          created_at: new Date().toISOString(),
          last_used_at: null,
        };
        state.tokens.push(token);
        return ok({ token, secret: "molva_Zk3vT0u7yC1q9LwJ5sXbN8dR" }, 201);
      },
    ],
    [
      "DELETE",
      "/api/tokens/:id",
      ({ id }) => {
        state.tokens = state.tokens.filter((one) => one.id !== id);
        return { status: 204 };
      },
    ],
  ];
}
