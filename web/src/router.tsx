import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { isProblem } from "./api/problem";
import { sessionQuery } from "./api/queries";
import { Banner } from "./components/frame/banner";
import { Loading } from "./components/loading";
import { PageError } from "./components/page-error";
import { loadDetail } from "./components/stream/detail-pane";
import { speakOf, type TextPart } from "./i18n";
import { readSearch } from "./lib/filters";
import { readAddress } from "./lib/questions/address";
import { readOutbox } from "./lib/replies/address";
import { readSearchAddress } from "./lib/search-address";
import { one, parseSearch, stringifySearch } from "./lib/search-params";
import { readStories } from "./lib/story-address";
import { queryClient } from "./query-client";
import { Frame } from "./routes/frame";
import { NotFound } from "./routes/not-found";
import { Stream } from "./routes/stream";
import { whenBack } from "./state/connection";
import { followAccount } from "./state/locale";

function WholePageError({ error, reset }: ErrorComponentProps) {
  return (
    <>
      <Banner />
      <PageError page error={error} reset={reset} />
    </>
  );
}

/** A page with the words it needs beyond those of the frame. */
async function withTexts<T>(page: Promise<T>, ...parts: TextPart[]): Promise<T> {
  await speakOf(...parts);
  return page;
}

const root = createRootRoute({ notFoundComponent: NotFound });

/** Pages for people who have signed in stand inside the frame. */
const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  component: Frame,
  beforeLoad: async ({ location }) => {
    try {
      await followAccount(await queryClient.ensureQueryData(sessionQuery));
    } catch (error) {
      if (!isProblem(error) || error.status !== 401) throw error;
      throw redirect({ to: "/sign-in", search: { next: location.href } });
    }
  },
  errorComponent: WholePageError,
});

const index = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/stream" });
  },
});

const stream = createRoute({
  getParentRoute: () => frame,
  path: "/stream",
  validateSearch: readSearch,
  beforeLoad: ({ search }) => {
    // The address names a mention: what shows it comes along with the session and the list.
    if (search.mention) void loadDetail();
  },
  component: Stream,
});

const search = createRoute({
  getParentRoute: () => frame,
  path: "/search",
  validateSearch: readSearchAddress,
  component: lazyRouteComponent(() => withTexts(import("./routes/search"), "topics", "search"), "SearchPage"),
});

const questions = createRoute({
  getParentRoute: () => frame,
  path: "/questions",
  validateSearch: readAddress,
  component: lazyRouteComponent(
    () => withTexts(import("./routes/questions"), "topics", "search", "questions", "understanding"),
    "QuestionsPage",
  ),
});

const labelling = createRoute({
  getParentRoute: () => frame,
  path: "/labelling",
  component: lazyRouteComponent(() => withTexts(import("./routes/labelling"), "understanding"), "LabellingPage"),
});

const stories = createRoute({
  getParentRoute: () => frame,
  path: "/stories",
  validateSearch: readStories,
  component: lazyRouteComponent(() => withTexts(import("./routes/stories"), "understanding"), "StoriesPage"),
});

const story = createRoute({
  getParentRoute: () => frame,
  path: "/stories/$id",
  component: lazyRouteComponent(() => withTexts(import("./routes/story"), "understanding"), "StoryPage"),
});

const model = createRoute({
  getParentRoute: () => frame,
  path: "/settings/model",
  component: lazyRouteComponent(() => withTexts(import("./routes/model"), "understanding"), "ModelPage"),
});

const outbox = createRoute({
  getParentRoute: () => frame,
  path: "/outbox",
  validateSearch: readOutbox,
  component: lazyRouteComponent(() => withTexts(import("./routes/outbox"), "replies"), "OutboxPage"),
});

const accounts = createRoute({
  getParentRoute: () => frame,
  path: "/settings/accounts",
  validateSearch: (raw: Record<string, unknown>): { connected?: string } => ({ connected: one(raw.connected) }),
  component: lazyRouteComponent(() => withTexts(import("./routes/accounts"), "replies"), "AccountsPage"),
});

const addAccount = createRoute({
  getParentRoute: () => frame,
  path: "/settings/accounts/add",
  validateSearch: (raw: Record<string, unknown>): { connector?: string } => ({ connector: one(raw.connector) }),
  component: lazyRouteComponent(() => withTexts(import("./routes/add-account"), "replies"), "AddAccount"),
});

const topics = createRoute({
  getParentRoute: () => frame,
  path: "/topics",
  component: lazyRouteComponent(() => import("./routes/topics"), "Topics"),
});

const topic = createRoute({
  getParentRoute: () => frame,
  path: "/topics/$id",
  component: lazyRouteComponent(() => withTexts(import("./routes/topic"), "topics"), "TopicPage"),
});

const lists = createRoute({
  getParentRoute: () => frame,
  path: "/topics/lists",
  component: lazyRouteComponent(() => withTexts(import("./routes/lists"), "topics"), "Lists"),
});

const list = createRoute({
  getParentRoute: () => frame,
  path: "/topics/lists/$id",
  component: lazyRouteComponent(() => withTexts(import("./routes/list"), "topics"), "ListPage"),
});

const sources = createRoute({
  getParentRoute: () => frame,
  path: "/sources",
  component: lazyRouteComponent(() => withTexts(import("./routes/sources"), "sources"), "Sources"),
});

const addSource = createRoute({
  getParentRoute: () => frame,
  path: "/sources/add",
  validateSearch: (raw: Record<string, unknown>): { connector?: string } => ({ connector: one(raw.connector) }),
  component: lazyRouteComponent(() => withTexts(import("./routes/add-source"), "sources"), "AddSource"),
});

const source = createRoute({
  getParentRoute: () => frame,
  path: "/sources/$id",
  component: lazyRouteComponent(() => withTexts(import("./routes/source"), "sources"), "SourcePage"),
});

const editSource = createRoute({
  getParentRoute: () => frame,
  path: "/sources/$id/edit",
  component: lazyRouteComponent(() => withTexts(import("./routes/edit-source"), "sources"), "EditSource"),
});

const settings = createRoute({
  getParentRoute: () => frame,
  path: "/settings",
  component: lazyRouteComponent(() => withTexts(import("./routes/settings"), "search"), "SettingsPage"),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("./routes/setup"), "Setup"),
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  beforeLoad: () =>
    queryClient.ensureQueryData(sessionQuery).catch(() => {
      throw redirect({ to: "/sign-in", search: {} });
    }),
  component: lazyRouteComponent(() => withTexts(import("./routes/welcome"), "topics"), "Welcome"),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (raw: Record<string, unknown>): { next?: string } => ({ next: one(raw.next) }),
  component: lazyRouteComponent(() => import("./routes/sign-in"), "SignIn"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    index,
    setup,
    welcome,
    signIn,
    frame.addChildren([
      stream,
      search,
      questions,
      topics,
      topic,
      lists,
      list,
      sources,
      addSource,
      source,
      editSource,
      settings,
      labelling,
      stories,
      story,
      model,
      outbox,
      accounts,
      addAccount,
    ]),
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  defaultPendingMs: 150,
  defaultPendingComponent: Loading,
  defaultErrorComponent: WholePageError,
  scrollRestoration: false,
});

// A page that could not be shown while the server was away is tried again when it is back.
whenBack(() => {
  if (router.state.matches.some((match) => match.status === "error")) void router.invalidate();
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
