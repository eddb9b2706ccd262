// A person's way through the real Molva, from the one-time link to a live mention. Needs a freshly started server:
//   MOLVA_URL, MOLVA_SETUP_URL    where it is and its one-time link
//   MOLVA_PUSH_URL, MOLVA_PUSH_SECRET    a push source; made through the page's session when absent
//   MOLVA_TEST_MASTODON    a Mastodon server with the demo's tokens, which Molva may reach; without it nothing is replied to
//   MOLVA_BRAND    a brand the stream speaks of (default: the operator of the demo stream)
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SIZES, settled } from "./browser.mjs";
import { clean, firstRun, liveMention, OWNER, queryText, until, workByKeyboard, writeQuery } from "./flow.mjs";
import { without } from "./offered.mjs";
import { base, brand, link, post, push, pushSource, session } from "./real-molva.mjs";
import { replying } from "./real-replies.mjs";

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

if (!without("listReplies", "listAccounts")) {
  PAGES.push("/outbox", "/outbox?shelf=sent", "/settings/accounts", "/settings/accounts/add");
}

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
    // The key is shown as pressed before the answer has come, and leaving the page would take the question back.
    await Promise.all([
      page.waitForResponse((one) => one.request().method() !== "GET" && one.url().includes("/api/mentions")),
      page.keyboard.press("1"),
    ]);
    await page.waitForSelector(`#mention-detail fieldset button:nth-of-type(1)[aria-pressed="true"]`);
    await until(
      page,
      async () => {
        await page.goto(`${base}/search?query=${word}&tone=negative`);
        return (await count()) === "1";
      },
      "the tone can be searched",
    );

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

  replying();

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
        await settled(page);
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
