// Screenshots of every page for a look by eye: `node e2e/shots.mjs OUT [PATTERN]`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch, openPage, SIZES, violations } from "./browser.mjs";
import { QUERY, writeQuery } from "./flow.mjs";
import { makeAccount } from "./mock/reply-routes.mjs";
import { createMock } from "./mock/server.mjs";

const out = process.argv[2] ?? "e2e/shots";
const only = new RegExp(process.argv[3] ?? "");
mkdirSync(out, { recursive: true });

const PAGES = {
  stream: [
    "/stream",
    async (page, mock) => {
      await page.waitForSelector("li[data-id]");
      mock.arrive(3);
      await page.waitForSelector('[data-testid="new-bar"]');
    },
  ],
  mention: [
    "/stream",
    async (page) => {
      await page.waitForSelector("li[data-id]");
      await page.keyboard.press("j");
      await page.keyboard.press("j");
      await page.waitForSelector("#mention-detail");
    },
  ],
  search: [
    "/search?period=30d",
    async (page) => {
      await page.waitForSelector("li[data-id]");
      await page.waitForSelector("rect");
      await page.waitForTimeout(300);
    },
  ],
  searchNarrowed: [
    "/search?query=билайн OR beeline&tone=negative&tone=none&network=vk&language=ru&from=2026-11-10T00:00:00Z&frame=30d",
    async (page) => {
      await page.waitForSelector("li[data-id]");
      await page.keyboard.press("j");
      await page.waitForSelector("#mention-detail");
      await page.getByText(/Find similar|Найти похожие|Знайти схожі/).click();
      await page.waitForTimeout(500);
    },
  ],
  searchNone: [
    "/search?query=салон&tone=positive&network=vk&city=Москва&period=7d",
    async (page) => {
      await page
        .getByRole("heading", { name: /Nothing|Ничего|Нічого/ })
        .first()
        .waitFor();
      await page.waitForTimeout(700);
    },
  ],
  searchViews: [
    "/search?query=тариф",
    async (page) => {
      await page.waitForSelector("li[data-id]");
      await page.getByRole("button", { name: /Views|Подборки|Добірки/ }).click();
      await page.waitForTimeout(300);
    },
  ],
  searchPeriod: [
    "/search?from=2026-11-10T00:00:00Z&to=2026-11-17T00:00:00Z",
    async (page) => {
      await page.waitForSelector("li[data-id]");
      await page.getByRole("button", { name: /Published|Опубликовано|Опубліковано/ }).click();
      await page.waitForTimeout(300);
    },
  ],
  searchFound: [
    "/search?query=тариф",
    async (page) => {
      await page.waitForSelector("li[data-id]");
      await page.keyboard.press("j");
      await page.keyboard.press("x");
      await page.getByText(/found…|найденные: |знайдені: /).click();
      await page.waitForTimeout(400);
    },
  ],
  topics: ["/topics", (page) => page.waitForSelector("li code")],
  editor: [
    "/topics/new",
    async (page) => {
      await writeQuery(page, "(билайн or beeline OR");
      await page.waitForTimeout(900);
    },
  ],
  proposals: [
    "/topics/new",
    async (page) => {
      await writeQuery(page, "билайн ");
      await page.keyboard.type("net");
      await page.waitForSelector(".cm-tooltip-autocomplete");
      await page.waitForTimeout(400);
    },
  ],
  forms: [
    (mock) => `/topics/${mock.state.topics[0].id}`,
    async (page) => {
      await page.waitForSelector(QUERY);
      await page.locator(QUERY).focus();
      await page.keyboard.press("Control+Home");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await page.getByRole("switch").first().focus();
      await page.keyboard.press("Space");
      await page.waitForSelector("section li button svg");
      await page.locator("section li button").last().hover();
      await page.waitForTimeout(200);
    },
  ],
  heavy: [
    "/topics/new",
    async (page) => {
      await writeQuery(
        page,
        'каждый b??лайн -- все подряд\n=Билайн network:vk #домру 2 OF (связь, "нет сети"~2, вышка*)',
      );
      await page.waitForSelector("mark");
    },
  ],
  bring: [
    "/topics/new",
    async (page) => {
      await page.waitForSelector(QUERY);
      await page.locator("button:has(svg)", { hasText: /product|продукт/ }).click();
      await page.locator("[role=dialog] textarea").fill('(билайн NEAR/3f "нет сети") AND engagementType:RETWEET');
      await page.waitForSelector("[role=dialog] li button");
      await page.waitForTimeout(300);
    },
  ],
  help: [
    "/topics/new",
    async (page) => {
      await page.waitForSelector(QUERY);
      await page.getByRole("button", { name: /stand in|стоять|стояти/ }).click();
      await page.waitForSelector("[role=dialog] dl");
      await page.waitForTimeout(300);
    },
  ],
  lists: ["/topics/lists", (page) => page.waitForSelector("table")],
  list: ["/topics/lists/71", (page) => page.waitForSelector("textarea")],
  listNew: [
    "/topics/lists/new",
    async (page) => {
      await page.locator("form input").first().fill("города");
      await page.locator("textarea").fill("Энгельс\n!!!\nэнгельс");
      await page.keyboard.press("Control+s");
      await page.waitForSelector("form [role=alert]");
    },
  ],
  topic: [(mock) => `/topics/${mock.state.topics[0].id}`, (page) => page.waitForSelector("mark")],
  sources: [
    "/sources",
    async (page) => {
      await page.waitForSelector("article svg[role=img]");
      await page.waitForTimeout(500);
    },
  ],
  source: ["/sources/13", (page) => page.waitForSelector("table")],
  gallery: ["/sources/add", (page) => page.waitForSelector("main ul")],
  form: ["/sources/add?connector=mastodon", (page) => page.waitForSelector("form")],
  formMail: [
    "/sources/add?connector=mail",
    async (page) => {
      await page.waitForSelector("form");
      await page.locator("[name=sign_in]").selectOption("other");
    },
  ],
  questions: [
    "/questions?period=30d&compare=previous",
    (page) => page.waitForSelector("[data-ready=true] svg path", { state: "attached" }),
  ],
  questionsTables: [
    "/questions?period=90d&table=volume&table=rhythm&table=heat&table=places&table=authors&table=words",
    (page) => page.waitForSelector("#words table"),
  ],
  reply: [
    (mock) => `/stream?mention=${answerable(mock).id}`,
    async (page) => {
      await page.locator("[data-testid=reply] [data-reply]").last().waitFor();
      await page.keyboard.press("r");
      await page.keyboard.type("@olena@m.example, спасибо, уже чиним: https://example.org/status #связь");
      await page.waitForTimeout(300);
    },
  ],
  replyNot: [
    (mock) => `/stream?mention=${mock.state.mentions.find((one) => one.post.network === "feed").id}`,
    (page) => page.getByTestId("cannot-reply").waitFor(),
  ],
  replyConnect: [
    (mock) => `/stream?mention=${mock.state.mentions.find((one) => one.post.network === "wordpress").id}`,
    (page) => page.getByTestId("cannot-reply").waitFor(),
  ],
  outbox: [
    "/outbox",
    async (page) => {
      await page.waitForSelector("[data-reply]");
      await page.keyboard.press("a");
    },
  ],
  outboxSent: ["/outbox?shelf=sent", (page) => page.waitForSelector("[data-reply]")],
  outboxEmpty: ["/outbox?shelf=cancelled", (page) => page.waitForSelector("main h2")],
  accounts: ["/settings/accounts", (page) => page.waitForSelector("[data-account]")],
  accountAdd: ["/settings/accounts/add", (page) => page.waitForSelector("main h2")],
  accountForm: ["/settings/accounts/add?connector=mastodon", (page) => page.locator("input[value=me]").check()],
  labelling: ["/labelling", (page) => page.waitForSelector("main table, main dl")],
  labellingCard: [
    "/labelling",
    async (page) => {
      await page.locator("main .mantine-Button-root").first().click();
      await page.waitForSelector("main fieldset");
    },
  ],
  model: ["/settings/model", (page) => page.waitForSelector("main table")],
  settings: ["/settings", (page) => page.waitForSelector("form")],
};

const mock = createMock({ mentions: 900, days: 40 });
mock.state.signedIn = true;
answered(mock);
mock.state.network.greets = true;
mock.state.views.push(
  { ...view("1", "Жалобы за неделю", "tone=negative&period=7d"), shared: true },
  view("2", "Тарифы", "query=тариф"),
  { ...view("3", "Сравнение с Мегафоном", "query=мегафон"), mine: false, owner: { id: "2", name: "Олена" } },
);
const base = await mock.listen();
const browser = await launch();
const runs = [
  ["wide", "light", "ru"],
  ["wide", "dark", "en"],
  ["middle", "light", "uk"],
  ["narrow", "dark", "ru"],
  ["narrow", "light", "en"],
];
for (const [size, scheme, locale] of runs) {
  mock.state.locale = locale;
  const { context, page, complaints } = await openPage(browser, { locale, scheme, size: SIZES[size] });
  for (const [name, [address, prepare]] of Object.entries(PAGES)) {
    const id = `${name}-${size}-${scheme}-${locale}`;
    if (!only.test(id)) continue;
    try {
      await page.goto(base + (typeof address === "function" ? address(mock) : address));
      await prepare(page, mock);
    } catch (error) {
      console.log(id, "NOT READY", String(error).split("\n")[0]);
    }
    await page.screenshot({ path: join(out, `${id}.png`) });
    const found = await violations(context, page).catch((error) => [String(error)]);
    console.log(id, found.length ? found.join("\n   ") : "clean");
  }
  if (complaints.length) console.log("complaints:", [...new Set(complaints)].slice(0, 8).join("\n  "));
  await context.close();
}
await browser.close();
mock.close();

function answerable(mock) {
  return mock.state.mentions.find((one) => one.post.network === "mastodon" && one.post.text.length < 200);
}

/** Accounts of every health, and replies in every state. */
function answered({ state }) {
  const mention = state.mentions.find((one) => one.post.network === "mastodon" && one.post.text.length < 200);
  const soon = new Date(Date.now() + 5 * 86_400_000).toISOString();
  const main = makeAccount("mastodon", "Поддержка Молвы");
  const me = { id: "1", name: "Мария Ли" };
  state.accounts.push(
    main,
    makeAccount("mastodon", "Мария", { holder: { kind: "employee", user: me, consent_at: new Date().toISOString() } }),
    makeAccount("mastodon", "Региональный", { expiring: true, facts: { ...main.facts, expires_at: soon } }),
    makeAccount("mastodon", "Старый", {
      state: "expired",
      problem: { code: "auth_expired", message: "токен больше не действует", advice: "введите новый токен" },
    }),
    makeAccount("mastodon", "Бывший", { state: "disconnected", facts: null, secret_keys: [] }),
  );
  const at = new Date().toISOString();
  const later = new Date(Date.now() + 5 * 3_600_000).toISOString();
  const put = (text, to, more) => state.putReply(mention, main, text, { state: to, ...more });
  put("Здравствуйте! Бригада уже на линии, напишите, пожалуйста, улицу и дом.", "sent", {
    sent_at: at,
    url: "https://example.org/1",
  });
  put("Спасибо, что написали! Вот страница, где видно, когда починят: https://example.org/status", "awaiting_approval");
  put("Напишите номер договора в личные сообщения, проверим вашу линию.", "awaiting_approval", {
    visibility: "private",
  });
  put("Извините за ожидание.", "refused", {
    problem: { code: "x", message: "автор закрыл комментарии", advice: "напишите ему в личные сообщения" },
  });
  put("Добрый день!", "waiting", { send_after: later });
  put("Проверяем.", "unsure", { next_attempt_at: later });
  put("Сервер занят", "retrying", {
    next_attempt_at: later,
    problem: { code: "x", message: "сервер просит подождать", advice: "" },
  });
}

function view(id, name, address) {
  const at = new Date().toISOString();
  const owner = { id: "1", name: "Мария Ли" };
  return { id, name, page: "search", address, shared: false, owner, mine: true, created_at: at, updated_at: at };
}
