// A stand-in for Molva that follows its HTTP contract closely enough to click through the whole app. Serves `dist` too, under the
// same content security policy as the real one. Run it alone with `node e2e/mock/server.mjs`, or start it from a test.
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { problem } from "./answers.mjs";
import { archiveRoutes } from "./archive-routes.mjs";
import { attachmentRoutes } from "./attachment-routes.mjs";
import { consentRoutes } from "./consent-routes.mjs";
import { faults } from "./faithful.mjs";
import { listRoutes } from "./list-routes.mjs";
import { mentionRoutes } from "./mention-routes.mjs";
import { peopleRoutes } from "./people-routes.mjs";
import { queryRoutes } from "./query-routes.mjs";
import { questionRoutes } from "./question-routes.mjs";
import { replyRoutes } from "./reply-routes.mjs";
import { sourceRoutes } from "./source-routes.mjs";
import { storyRoutes } from "./stories.mjs";
import { topicRoutes } from "./topic-routes.mjs";
import { understandingRoutes } from "./understanding-routes.mjs";
import { createWorld } from "./world.mjs";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export function createMock(options = {}) {
  const world = createWorld(options);
  const { state, emit, arrive } = world;
  const routes = [
    peopleRoutes,
    topicRoutes,
    queryRoutes,
    listRoutes,
    mentionRoutes,
    sourceRoutes,
    archiveRoutes,
    questionRoutes,
    storyRoutes,
    understandingRoutes,
    consentRoutes,
    replyRoutes,
    attachmentRoutes,
  ].flatMap((of) => of(world));

  const unfaithful = new Set();

  function events(request, response, params) {
    const after = request.headers["last-event-id"] ?? params.get("after");
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(`event: hello\nid: ${state.log.at(-1)?.id ?? "0"}\ndata: {}\n\n`);
    if (after)
      for (const event of state.log.filter((one) => BigInt(one.id) > BigInt(after)))
        response.write(`event: ${event.kind}\nid: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`);
    state.clients.add(response);
    request.on("close", () => state.clients.delete(response));
  }

  function file(path, response) {
    let name = join(DIST, normalize(path));
    try {
      if (!statSync(name).isFile()) throw new Error();
    } catch {
      name = join(DIST, "index.html");
    }
    response.writeHead(200, {
      "content-type": TYPES[extname(name)] ?? "application/octet-stream",
      "content-security-policy": POLICY,
      "cache-control": "no-cache",
    });
    response.end(readFileSync(name));
  }

  async function answer(request, response) {
    const url = new URL(request.url, "http://mock");
    if (!url.pathname.startsWith("/api") && url.pathname !== "/healthz") return file(url.pathname, response);
    if (state.down) return request.socket.destroy();
    if (url.pathname === "/healthz") return response.end("ok");
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const whole = Buffer.concat(chunks);
    const isFile = request.headers["content-type"] === "application/octet-stream";
    const body = isFile ? whole : chunks.length ? JSON.parse(whole.toString()) : {};
    if (state.held) await new Promise(() => {});
    const open = url.pathname === "/api/setup" || url.pathname === "/api/session";
    let result;
    if (!state.signedIn && !(open && (request.method === "POST" || url.pathname === "/api/setup")))
      result = problem(401, "unauthorized", "");
    else if (request.method !== "GET" && request.headers["x-molva-csrf"] !== "1") result = problem(403, "csrf", "");
    else if (url.pathname === "/api/events") return events(request, response, url.searchParams);
    else result = await route(request.method, url, body, request.headers);
    // It was done, and the answer breaks off. One that never began would be asked for again by the browser itself.
    if (result.lost) {
      response.writeHead(201, { "content-type": "application/json", "content-length": "100" });
      response.write("{");
      return setTimeout(() => request.socket.destroy(), 50);
    }
    if (result.file) {
      response.writeHead(200, { "content-type": result.type });
      return response.end(result.file);
    }
    for (const fault of faults(request.method, url.pathname, body, result)) unfaithful.add(fault);
    response.writeHead(result.status, {
      "content-type": result.problem ? "application/problem+json" : "application/json",
    });
    response.end(result.body === undefined ? "" : JSON.stringify(result.body));
  }

  function route(method, url, body, headers) {
    const parts = url.pathname.split("/");
    for (const [verb, pattern, handle] of routes) {
      const wanted = pattern.split("/");
      if (verb !== method || wanted.length !== parts.length) continue;
      if (!wanted.every((part, index) => part === ":id" || part === parts[index])) continue;
      return handle({ id: parts[wanted.indexOf(":id")], params: url.searchParams, body, headers });
    }
    return problem(404, "not_found", "");
  }

  const server = createServer((request, response) => void answer(request, response));
  return {
    state,
    arrive,
    emit,
    /** Where the app or the mock strayed from the API document. */
    unfaithful,
    listen: (port = 0) =>
      new Promise((resolve) =>
        server.listen(port, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`)),
      ),
    /** Stops answering the API, as a server that was switched off. */
    down(value) {
      state.down = value;
      if (value) for (const client of state.clients) client.destroy();
    },
    close() {
      for (const client of state.clients) client.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mock = createMock({
    mentions: Number(process.env.MOCK_MENTIONS ?? 400),
    setup: process.env.MOCK_SETUP === "1",
  });
  mock.state.signedIn = true;
  setInterval(() => mock.arrive(1), 4_000);
  console.log(await mock.listen(Number(process.env.PORT ?? 8080)));
}
