import createClient from "openapi-fetch";
import { reachable, unreachable } from "~/state/connection";
import { Problem, problemOf } from "./problem";
import type { paths } from "./schema.gen";

let language = "en";
let onSignedOut: () => void = () => {};

/** The language the server should answer in. */
export function speak(locale: string): void {
  language = locale;
}

/** Called when the session has ended while the app was in use. */
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

/** Adds what every call needs and notes whether the server is there. */
export async function send(request: Request): Promise<Response> {
  request.headers.set("accept-language", language);
  if (request.method !== "GET" && request.method !== "HEAD") request.headers.set("x-molva-csrf", "1");
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    unreachable();
    throw new Problem(0, "unreachable", "");
  }
  if (response.status === 502 || response.status === 504) unreachable();
  else reachable();
  if (response.status === 401 && !new URL(request.url).pathname.endsWith("/api/session")) onSignedOut();
  return response;
}

export const client = createClient<paths>({
  baseUrl: typeof location === "undefined" ? "http://localhost" : location.origin,
  fetch: send,
});

/** The body of a good answer; throws a {@link Problem} for any other. */
export async function answer<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(response, error);
  return data as T;
}
