// A person's way through the real Molva, from the one-time link to a live mention. Needs a freshly started server:
//   MOLVA_URL, MOLVA_SETUP_URL    where it is and its one-time link
//   MOLVA_PUSH_URL, MOLVA_PUSH_SECRET    a push source; made through the page's session when absent
//   MOLVA_TEST_MASTODON    a Mastodon server with the demo's tokens, which Molva may reach; without it nothing is replied to
//   MOLVA_BRAND    a brand the stream speaks of (default: the operator of the demo stream)
import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { launch, openPage, SIZES } from "./browser.mjs";
import { clean, firstRun, liveMention, OWNER, queryText, until, workByKeyboard, writeQuery } from "./flow.mjs";
import { without } from "./offered.mjs";

const { MOLVA_URL: base, MOLVA_SETUP_URL: link } = process.env;
const brand = process.env.MOLVA_BRAND ?? "Звенора";
const LANGUAGES = { ru: "Русский", uk: "Українська", en: "English" };
const PAGES = [
  "/stream",
  "/search",
  "/questions",
  "/stories",
  "/labelling",
  "/topics",
  "/topics/new",
  "/topics/lists",
  "/topics/lists/new",
  "/sources",
  "/sources/add",
  "/settings",
  "/settings/model",
];

const { MOLVA_TEST_MASTODON: mastodon } = process.env;
const withoutReplies =
  without("createReply", "listReplies", "listAccounts") ||
  (!mastodon && "MOLVA_TEST_MASTODON is not set; `scripts/test.sh e2e` starts the server");
if (!without("listReplies", "listAccounts")) {
  PAGES.push("/outbox", "/outbox?shelf=sent", "/settings/accounts", "/settings/accounts/add");
}

assert.ok(base && link, "set MOLVA_URL and MOLVA_SETUP_URL; the head of this file says more");

let browser;
let session;
before(async () => {
  browser = await launch();
  session = await openPage(browser, { locale: "ru" });
  session.page.setDefaultTimeout(60_000);
});
after(() => browser.close());

/** Signs and sends posts as Standard Webhooks asks. */
async function push(target, posts) {
  const body = JSON.stringify(posts);
  const id = `msg_${randomUUID()}`;
  const time = Math.floor(Date.now() / 1000);
  const key = Buffer.from(target.secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${time}.${body}`).digest("base64");
  const response = await fetch(target.address, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(time),
      "webhook-signature": `v1,${signature}`,
    },
    body,
  });
  assert.equal(response.status, 202, await response.clone().text());
  return response.json();
}

let target;
async function pushSource(page) {
  const { MOLVA_PUSH_URL: address, MOLVA_PUSH_SECRET: secret } = process.env;
  target ??= address && secret ? { address, secret } : await newPushSource(page);
  return target;
}

async function newPushSource(page) {
  const made = await page.evaluate(async () => {
    const response = await fetch("/api/sources", {
      method: "POST",
      headers: { "content-type": "application/json", "x-molva-csrf": "1" },
      body: JSON.stringify({ connector: "push", name: "browser test", settings: {}, secrets: {} }),
    });
    return response.json();
  });
  return { address: `${base}/api/push/${made.id}`, secret: made.push_secret };
}

const post = (text) => ({
  id: randomUUID(),
  text,
  url: "https://example.org/post/1",
  published_at: new Date().toISOString(),
  author: { name: "Олена", handle: "olena" },
});

describe("a person and the real Molva", { concurrency: false }, () => {
  it("gets from the one-time link to a topic by keyboard alone", async () => {
    await firstRun(session.context, session.page, { link, brand });
  });

  it("sees a mention live, and the list does not move", async () => {
    const { page } = session;
    const target = await pushSource(page);
    const word = `проба${Date.now()}`;
    const tally = await push(target, [post(`${brand} снова в новостях, ${word} первая`)]);
    assert.equal(tally.received, 1);
    await page.goto(`${base}/stream?text=${word}`);
    await page.waitForSelector("li[data-id] mark");
    await page.waitForSelector('[data-phase="open"]');
    const waited = await liveMention(page, async () => {
      await push(target, [post(`${brand} опять на слуху, ${word} вторая`)]);
      return "опять на слуху";
    });
    console.log(`from the push to the bar: ${waited} ms`);
    assert.ok(waited < 5_000, `the bar came after ${waited} ms`);
  });

  it("is worked by keyboard", async () => {
    const { page } = session;
    const target = await pushSource(page);
    const word = `клавиши${Date.now()}`;
    await push(
      target,
      ["раз", "два", "три", "четыре"].map((one) => post(`${brand}: ${word} ${one}`)),
    );
    await page.goto(`${base}/stream?text=${word}`);
    await page.waitForSelector("li[data-id]");
    await workByKeyboard(page);
  });

  it("writes a query with the editor's help, and names a list in it", async () => {
    const { page, context } = session;
    await page.goto(`${base}/topics/lists/new`);
    await page.locator("form input").first().fill("проба");
    await page.locator("textarea").fill("вакансия\n!!!\nищем сотрудника");
    await page.keyboard.press("Control+s");
    await page.locator("form [role=alert] button").click();
    await page.keyboard.type("резюме");
    await page.keyboard.press("Control+s");
    await page.waitForURL(/\/topics\/lists$/);

    await page.goto(`${base}/topics/new`);
    await writeQuery(page, `(${brand} or связь`);
    await page.waitForSelector(".cm-lintRange-error");
    await page.keyboard.press("F8");
    await writeQuery(page, `(${brand} OR связь)   NOT  `);
    await page.keyboard.type("list:про");
    await page.locator('[role="option"]', { hasText: "проба" }).waitFor();
    await page.waitForTimeout(200);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Shift+Alt+F");
    await until(page, async () => /\) NOT list:проба$/.test(await queryText(page)), "the query is tidy");
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.locator("section ul li").first().waitFor();
    await page.getByRole("switch").first().focus();
    await page.keyboard.press("Space");
    await page.locator("section li button svg").first().waitFor();
    await clean(context, page, "the editor with all it tells");
    await writeQuery(page, "");
    await page.evaluate(() => localStorage.removeItem("molva.effects"));
  });

  it("searches the whole history, and every figure agrees with its rows", async () => {
    const { page, context } = session;
    const target = await pushSource(page);
    const word = `архив${Date.now()}`;
    await push(
      target,
      ["раз", "два", "три"].map((one) => post(`${brand}: ${word} ${one}`)),
    );
    await page.goto(`${base}/search?query=${word}`);
    const count = () => page.locator("[role=status] strong").first().textContent();
    // The archive follows within a second; the page itself never moves what is read.
    await until(
      page,
      async () => {
        await page.waitForTimeout(400);
        if ((await count()) === "3") return true;
        await page.reload();
        await page.locator("[role=status] strong").first().waitFor();
        return false;
      },
      "all three are found",
    );
    await page.waitForSelector("li[data-id] mark");
    await page.waitForSelector("rect");
    await clean(context, page, "a search");
    await page.keyboard.press("j");
    await page.keyboard.press("1");
    await page.waitForSelector(`#mention-detail fieldset button:nth-of-type(1)[aria-pressed="true"]`);
    await page.waitForTimeout(2_000);
    await page.goto(`${base}/search?query=${word}&tone=negative`);
    await until(page, async () => (await count()) === "1", "the tone can be searched");

    await page.getByRole("button", { name: /Подборки/ }).click();
    await page.keyboard.type(word);
    await page.keyboard.press("Enter");
    await page.goto(`${base}/search`);
    await page.getByRole("button", { name: /Подборки/ }).click();
    await page.getByRole("button", { name: word, exact: true }).click();
    await page.waitForURL(/tone=negative/);
    await page.getByRole("button", { name: /Выгрузить/ }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: /^Сохранить 1/ }).click(),
    ]);
    assert.match(download.suggestedFilename(), /\.xlsx$/);
    await page.goto(`${base}/search?query=${word}&network=nowhere`);
    await page.getByRole("button", { name: /Без «Сеть/ }).click();
    await page.waitForSelector("li[data-id]");
  });

  it("accounts for every item on the page of sources", async () => {
    const { page } = session;
    await page.goto(`${base}/sources`);
    await page.waitForSelector("article");
    const ledger = await page.evaluate(async () => (await fetch("/api/ledger")).json());
    const { received, stored, unmatched, duplicate, rejected } = ledger.total;
    assert.equal(received, stored + unmatched + duplicate + rejected);
    assert.ok(ledger.balances && received > 0);
  });

  it("answers the five questions, and the rows behind a figure are as many as it says", async () => {
    const { page, context } = session;
    const target = await pushSource(page);
    await push(target, [post(`${brand}: вопрос о связи`), post(`${brand}: ещё один вопрос`)]);
    const digits = (text) => Number(String(text).replace(/\D/g, ""));
    const figure = page.locator("#volume ul li:nth-child(2) a");
    // What has just come is in the archive within a second; the page counts when it is opened.
    await until(
      page,
      async () => {
        await page.goto(`${base}/questions?period=7d`);
        await figure.waitFor();
        return digits((await figure.textContent()).split(":")[1]) >= 2;
      },
      "the archive has the mentions",
    );
    await page.waitForSelector("section[aria-busy=true]", { state: "detached" });
    await clean(context, page, "the five questions");
    for (const mark of ["#volume ul li:nth-child(2) a", "#places ol li:first-child a"]) {
      await page.goto(`${base}/questions?period=7d`);
      await page.locator(mark).waitFor();
      const told = mark.startsWith("#volume")
        ? (await page.locator(mark).textContent()).split(":")[1]
        : await page.locator("#places ol li:first-child > span:not([aria-hidden])").first().textContent();
      const [request] = await Promise.all([
        page.waitForRequest((one) => one.method() === "POST" && new URL(one.url()).pathname === "/api/search"),
        page.locator(mark).click(),
      ]);
      const { selection } = request.postDataJSON();
      const { count } = await page.evaluate(async (selection) => {
        const headers = { "content-type": "application/json", "x-molva-csrf": "1" };
        const body = JSON.stringify({ selection });
        return (await fetch("/api/search/count", { method: "POST", headers, body })).json();
      }, selection);
      assert.equal(count, digits(told), `the rows behind ${mark}`);
    }
  });

  it("is told why a mention was judged so, and overrules it", async () => {
    const { page, context } = session;
    const target = await pushSource(page);
    const word = `причина${Date.now()}`;
    await push(target, [post(`${brand} опять не работает, ${word}, ужасная связь, верните деньги!!!`)]);
    await page.goto(`${base}/stream?text=${word}`);
    await page.waitForSelector("li[data-id]");
    await page.keyboard.press("j");
    const why = page.locator("#mention-detail section", { has: page.locator("blockquote q") });
    await why.waitFor();
    assert.ok((await why.locator("ul li").count()) >= 3, "words and signs are named");
    await clean(context, page, "a judgement explained");
    const tone = (nth) => page.locator(`#mention-detail fieldset button:nth-of-type(${nth})`);
    await page.keyboard.press("3");
    await page.waitForSelector(`#mention-detail fieldset button:nth-of-type(3)[aria-pressed="true"]`);
    assert.equal(await tone(1).getAttribute("aria-pressed"), "false");
  });

  it("sees posts that say the same as one story", async () => {
    const { page, context } = session;
    const target = await pushSource(page);
    const about = `${brand} отключила связь на заводе номер ${Date.now()} до утра понедельника, рабочие остались без телефона`;
    await push(target, [post(about)]);
    await push(target, [post(`RT @olena: ${about}`), post(`${about} https://example.org/news`)]);
    await page.goto(`${base}/stories?order=newest`);
    const story = page.locator("a[data-story]", { hasText: about.slice(0, 60) });
    await story.waitFor();
    await clean(context, page, "the list of stories");
    await story.click();
    await page.waitForURL(/\/stories\/\d+/);
    const members = page.locator("main li, main [data-id]", { hasText: "отключила связь на заводе" });
    await until(page, async () => (await members.count()) >= 3, "all three posts are there");
    await clean(context, page, "a story");
  });

  it("connects an account by consent on a real server's page", { skip: withoutReplies }, async () => {
    const { page, context } = session;
    await page.goto(`${base}/settings/accounts/add?connector=mastodon`);
    await page.fill("input[name=instance]", mastodon);
    const agree = page.getByRole("button", { name: "Подключить через Mastodon" });
    await until(page, () => agree.isEnabled(), "it can be connected");
    // A button that was enabled a moment ago still has the colours of one that was not.
    await page.waitForTimeout(300);
    await clean(context, page, "the form of an account");
    await agree.click();
    await page.waitForURL(/\/oauth\/authorize\?/);
    const asked = new URL(page.url()).searchParams;
    assert.equal(asked.get("code_challenge_method"), "S256");
    await page.locator("button[value=alan]").click();
    await page.waitForURL(/\/settings\/accounts\?connected=/);
    await page.getByText(/^@alan@.*: подключён$/).waitFor();
    await clean(context, page, "an account by consent");
  });

  it("connects an account of a real server, answers a mention, and sees it sent", {
    skip: withoutReplies,
  }, async () => {
    const { page, context } = session;
    await page.goto(`${base}/settings/accounts/add?connector=mastodon`);
    await page.fill("input[name=instance]", mastodon);
    await page.fill("input[name=access_token]", "no such token");
    await page.getByRole("button", { name: "Проверить" }).click();
    await page.getByRole("alert").waitFor();
    await page.fill("input[name=access_token]", "grace_token");
    await page.getByRole("button", { name: "Проверить" }).click();
    await page.getByText(/Сеть узнала аккаунт: @grace/).waitFor();
    await clean(context, page, "an account that was tested");
    await page.getByRole("button", { name: "Подключить", exact: true }).click();
    await page.waitForSelector("[data-health]");

    const source = await page.evaluate(async (instance) => {
      const response = await fetch("/api/sources", {
        method: "POST",
        headers: { "content-type": "application/json", "x-molva-csrf": "1" },
        body: JSON.stringify({
          connector: "mastodon",
          name: "browser test, mastodon",
          settings: { instance, timeline: "local" },
          secrets: { access_token: "grace_token" },
        }),
      });
      return response.json();
    }, mastodon);
    const stateOf = (id) => page.evaluate(async (one) => (await (await fetch(`/api/sources/${one}`)).json()).state, id);
    for (let turn = 0; turn < 60 && (await stateOf(source.id)) !== "running"; turn += 1) await page.waitForTimeout(500);
    const word = `ответ${Date.now()}`;
    const asAda = { authorization: "Bearer ada_token", "content-type": "application/json" };
    const status = await (
      await fetch(`${mastodon}/api/v1/statuses`, {
        method: "POST",
        headers: asAda,
        body: JSON.stringify({ status: `${brand} не работает, ${word}, что делать?`, visibility: "public" }),
      })
    ).json();
    await page.goto(`${base}/stream?text=${word}`);
    // It may come before the list is asked for or after; an empty list tells of it by a button.
    const show = page.getByRole("button", { name: "Показать", exact: true });
    await page.locator("li[data-id]").or(show).first().waitFor({ timeout: 90_000 });
    if ((await page.locator("li[data-id]").count()) === 0) await show.click();
    await page.waitForSelector("li[data-id]");
    await page.keyboard.press("j");
    await page.locator("[data-testid=reply] button").first().waitFor();
    await page.keyboard.press("r");
    const field = page.locator("[data-testid=reply] textarea");
    await field.waitFor();
    await page.keyboard.type("уже чиним, спасибо");
    await clean(context, page, "a reply being written");
    await page.keyboard.press("Control+Enter");
    await page.locator("[data-reply] [data-state=waiting]").waitFor();
    await page.locator("[data-reply] [data-state=sent]").waitFor();
    const href = await page.locator("[data-reply] > a").getAttribute("href");
    assert.ok(href.startsWith("http"), `the reply has a link: ${href}`);
    const thread = await (await fetch(`${mastodon}/api/v1/statuses/${status.id}/context`, { headers: asAda })).json();
    const arrived = thread.descendants.filter((one) => one.content.includes("уже чиним, спасибо"));
    assert.equal(arrived.length, 1, "it arrived once");
    await page.goto(`${base}/outbox?shelf=sent`);
    await page.getByText("уже чиним, спасибо").waitFor();
  });

  it("labels blind by keyboard, and takes an answer back", async () => {
    const { page, context } = session;
    await page.goto(`${base}/labelling`);
    await page.getByRole("button", { name: /Начать/ }).waitFor();
    await page.keyboard.press("Enter");
    const card = page.locator('article[aria-busy="false"]');
    const answered = async () =>
      (await page.evaluate(async () => (await fetch("/api/labelling")).json())).round.answered_by_me;
    for (const keys of [["1"], ["2", "e"], ["4"], ["5"], []]) {
      await card.waitFor();
      for (const key of keys) await page.keyboard.press(key);
      // Until the answer has come the card is busy, so the next one cannot be mistaken for it.
      const [response] = await Promise.all([
        page.waitForResponse((one) => one.request().method() === "POST" && one.url().includes("/api/labelling/")),
        page.keyboard.press(keys.length > 0 ? "Enter" : "n"),
      ]);
      assert.equal(response.status(), 200);
    }
    await card.waitFor();
    await clean(context, page, "a card to label");
    assert.equal(await answered(), 5);
    await page.keyboard.press("u");
    await until(page, async () => (await answered()) === 4, "the last answer is taken back");
  });

  for (const [locale, name] of Object.entries(LANGUAGES)) {
    it(`is clean for axe in ${name}`, async () => {
      const { page, context } = session;
      await page.goto(`${base}/settings`);
      await page.getByRole("button", { name, exact: true }).click();
      await page.waitForSelector(`html[lang="${locale}"]`);
      for (const address of PAGES) {
        await page.goto(base + address);
        await page.waitForSelector("main h1, main h2");
        await page.waitForTimeout(500);
        await clean(context, page, `${address} in ${name}`);
      }
    });
  }

  it("can be left and entered again", async () => {
    const { page } = session;
    await page.setViewportSize(SIZES.narrow);
    await page.goto(`${base}/settings`);
    await page.getByRole("button", { name: /Sign out/ }).click();
    await page.waitForURL(/sign-in/);
    await page.fill('input[name="login"]', OWNER.login);
    await page.fill('input[name="password"]', OWNER.password);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/stream/);
  });

  it("left the console silent and asked no other host", () => {
    assert.deepEqual(session.complaints, []);
  });
});
