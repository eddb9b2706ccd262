// The labelling game, stories and the model against the mock server: `npm run build && npm run e2e`.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SIZES } from "./browser.mjs";
import { clean, until } from "./flow.mjs";
import { on } from "./mock/on.mjs";
import { without } from "./offered.mjs";

const LOOKS = [
  ["ru", "light", SIZES.wide],
  ["uk", "dark", SIZES.middle],
  ["en", "light", SIZES.narrow],
];

describe("the labelling game", { skip: without("getLabelling", "askUnderstanding") }, () => {
  for (const [locale, scheme, size] of LOOKS) {
    it(`is clean for axe from start to end (${locale}, ${scheme}, ${size.width} px)`, () =>
      on({ locale, scheme, size }, async ({ mock, base, page, context }) => {
        mock.state.labelled.size = 2;
        await page.goto(`${base}/labelling`);
        await page.getByRole("progressbar").waitFor();
        await clean(context, page, "the start");
        await page.keyboard.press("Enter");
        await page.waitForSelector("article");
        await page.keyboard.press("h");
        await page.waitForSelector("aside h3");
        await clean(context, page, "a card with the guidelines");
        for (let card = 0; card < 2; card += 1) {
          await page.waitForSelector("article[aria-busy=false]");
          await page.keyboard.press("2");
          await page.keyboard.press("Enter");
          await until(page, () => mock.state.labelled.answers.length === card + 1, "the answer is there");
        }
        await page.waitForSelector("article", { state: "detached" });
        await page.getByText(/± 4/).first().waitFor();
        await clean(context, page, "the end");
      }));
  }

  it("is played by keyboard alone, with undo and skip", () =>
    on({}, async ({ mock, base, page }) => {
      mock.state.labelled.size = 3;
      await page.goto(`${base}/labelling`);
      await page.getByRole("progressbar").waitFor();
      await page.keyboard.press("Enter");
      await page.waitForSelector("article");
      const answers = () => mock.state.labelled.answers;

      await page.keyboard.press("Enter");
      assert.equal(answers().length, 0, "nothing is sent before anything is said");
      for (const key of ["1", "q", "w", "c"]) await page.keyboard.press(key);
      await page.keyboard.press("Enter");
      await until(page, () => answers().length === 1, "the first answer is there");
      const { seconds, id, ...said } = answers()[0];
      assert.deepEqual(said, {
        tone: "negative",
        intents: ["complaint", "help"],
        stage: "use",
        spam: false,
        relevant: true,
      });
      assert.ok(Number.isInteger(seconds) && id === `7${mock.state.mentions[0].id}`);

      await page.locator("article[aria-busy=false] button:enabled", { hasText: "Вернуть" }).waitFor();
      await page.keyboard.press("u");
      await until(page, () => answers().length === 0, "the answer is taken back");
      await page.waitForSelector('article button[aria-pressed="true"]');
      await until(page, () => page.locator("article[aria-busy=false]").count(), "the card is back");
      await page.keyboard.press("3");
      await page.keyboard.press("Enter");
      await until(page, () => answers().length === 1, "it is answered anew");
      assert.equal(answers()[0].tone, "positive");

      await until(page, () => page.locator("article[aria-busy=false]").count(), "the second card is there");
      await page.keyboard.press("n");
      await until(page, () => answers().length === 2, "the second is skipped");
      assert.equal(answers()[1].skipped, true);
      await until(page, () => page.locator("article[aria-busy=false]").count(), "the third card is there");
      await page.keyboard.press("5");
      await page.keyboard.press("Enter");
      await page.waitForSelector("article", { state: "detached" });
      assert.equal(answers()[2].relevant, false);
      await page.getByText("Готово: 2 ответа").waitFor();
    }));

  it("sets answers on mentions only when asked to, after the first answer, and takes them back with it", () =>
    on({}, async ({ mock, base, page, context }) => {
      await page.goto(`${base}/labelling`);
      await page.getByRole("progressbar").waitFor();
      await page.keyboard.press("Enter");
      await page.waitForSelector("article");
      const [first, second] = mock.state.mentions;
      const before = JSON.stringify([first.tone, first.intents, first.by_people]);
      const choice = page.getByRole("checkbox", { name: /самим упоминаниям/ });
      assert.equal(await choice.count(), 0, "nothing is offered before an answer");
      await page.keyboard.press("m");

      await page.keyboard.press("1");
      await page.keyboard.press("Enter");
      await choice.waitFor();
      assert.equal(await choice.isChecked(), false, "off by default");
      assert.equal(JSON.stringify([first.tone, first.intents, first.by_people]), before);
      await page.keyboard.press("m");
      await until(page, () => first.by_people.includes("tone") && first.tone === "negative", "the answer is set");
      await page.getByText("поставлено упоминанию").waitFor();
      await clean(context, page, "an answer that is set");

      await page.keyboard.press("3");
      await page.keyboard.press("Enter");
      await until(page, () => second.tone === "positive", "the next is set by itself");
      await until(page, () => page.locator("article[aria-busy=false]").count(), "the third card is there");
      await page.keyboard.press("u");
      await until(page, () => mock.state.labelled.answers.length === 1, "the second answer is taken back");
      await until(page, () => second.tone !== "positive", "and from its mention");

      await page.reload();
      await page.getByRole("progressbar").waitFor();
      await page.keyboard.press("Enter");
      await page.waitForSelector("article");
      await page.keyboard.press("5");
      await page.keyboard.press("Enter");
      await until(page, () => second.state === "binned", "the choice is remembered; what is not about it is binned");
    }));

  it("goes on to an earlier week", () =>
    on({}, async ({ mock, base, page }) => {
      mock.state.labelled.size = 1;
      await page.goto(`${base}/labelling`);
      await page.getByRole("progressbar").waitFor();
      await page.keyboard.press("Enter");
      await page.waitForSelector("article");
      await page.keyboard.press("2");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Разметить ещё неделю" }).click();
      await page.waitForSelector("article");
      assert.equal(mock.state.labelled.size, 13);
    }));

  it("shows nothing of what the machine thinks", () =>
    on({}, async ({ base, page }) => {
      await page.goto(`${base}/labelling`);
      await page.getByRole("progressbar").waitFor();
      await page.keyboard.press("Enter");
      await page.waitForSelector("article");
      assert.equal(await page.locator('article [aria-pressed="true"]').count(), 0);
      assert.doesNotMatch(await page.locator("article").textContent(), /%|уверен/);
    }));

  it("keeps what was said when it cannot be sent", () =>
    on({}, async ({ mock, base, page }) => {
      await page.goto(`${base}/labelling`);
      await page.getByRole("progressbar").waitFor();
      await page.keyboard.press("Enter");
      await page.waitForSelector("article");
      await page.keyboard.press("1");
      mock.down(true);
      await page.keyboard.press("Enter");
      await page.waitForSelector("article [role=alert]");
      assert.equal(await page.locator('article [aria-pressed="true"]').count(), 1);
      mock.down(false);
      await page.keyboard.press("Enter");
      await until(page, () => mock.state.labelled.answers.length === 1, "it is sent again");
    }));

  it("teaches when there is nothing to label", () =>
    on({ mock: { mentions: 0 } }, async ({ base, page, context }) => {
      await page.goto(`${base}/labelling`);
      await page.getByText("Размечать пока нечего").waitFor();
      await clean(context, page, "nothing to label");
    }));
});

describe("stories", { skip: without("listStories") }, () => {
  for (const [locale, scheme, size] of LOOKS) {
    it(`are listed and opened, clean for axe (${locale}, ${scheme}, ${size.width} px)`, () =>
      on({ locale, scheme, size }, async ({ base, page, context }) => {
        await page.goto(`${base}/stories`);
        await page.waitForSelector("a[data-story]");
        await clean(context, page, "the stories");
        await page.keyboard.press("j");
        await page.keyboard.press("Enter");
        await page.waitForURL(/\/stories\/\d+$/);
        await page.waitForSelector("section input[type=checkbox]");
        await clean(context, page, "a story");
      }));
  }

  it("are merged after a question, and split with a way back", () =>
    on({}, async ({ mock, base, page }) => {
      await page.goto(`${base}/stories`);
      await page.waitForSelector("a[data-story]");
      const before = await page.locator("a[data-story]").count();
      await page.keyboard.press("j");
      await page.keyboard.press("x");
      await page.keyboard.press("j");
      await page.keyboard.press("x");
      await page.getByRole("button", { name: "Объединить" }).click();
      await page.locator("[role=dialog]").getByRole("button", { name: "Объединить" }).click();
      await until(page, async () => (await page.locator("a[data-story]").count()) === before - 1, "two are one");

      await page.locator("a[data-story]").first().click();
      await page.waitForSelector("section input[type=checkbox]");
      const id = new URL(page.url()).pathname.split("/").at(-1);
      const size = () => mock.state.mentions.filter((one) => one.story?.id === id).length;
      const whole = size();
      await page.locator("section input[type=checkbox]").nth(1).check();
      await page.locator("section input[type=checkbox]").nth(2).check();
      await page.getByRole("button", { name: "Отделить 2 поста" }).click();
      await until(page, () => size() === whole - 2, "two posts are out");
      await page.getByText("2 поста отделены от сюжета").waitFor();
      await page.keyboard.press("u");
      await until(page, () => size() === whole, "they are back");

      await page.locator("section input[type=checkbox]").first().check();
      await page.getByRole("button", { name: "Отделить 1 пост" }).click();
      await until(page, () => size() === 1, "the first post keeps the story");
      await page.waitForURL((url) => url.pathname !== `/stories/${id}`);
      await until(
        page,
        async () => (await page.locator("[data-member]").count()) > 1,
        "the reader stays with the rest",
      );
    }));

  it("are split by one key, from a member and from an open mention, and each goes back", () =>
    on({}, async ({ mock, base, page, context }) => {
      const [{ id }] = mock.state.mentions.flatMap(({ story }) => (story ? [story] : []));
      const members = () => mock.state.mentions.filter((one) => one.story?.id === id);
      const whole = members().length;
      await page.goto(`${base}/stories/${id}`);
      await page.waitForSelector("[data-member]");
      await page.keyboard.press("j");
      await page.keyboard.press("j");
      const second = await page.locator("[data-member]").nth(1).getAttribute("data-member");
      await page.keyboard.press("d");
      await until(page, () => members().length === whole - 1, "the second is out");
      await page.waitForSelector(`[data-member="${second}"]`, { state: "detached" });
      await until(
        page,
        () => page.evaluate(() => document.activeElement?.closest("[data-member]") !== null),
        "the focus stays in the list",
      );
      await page.keyboard.press("u");
      await until(page, () => members().length === whole, "it is back");

      const [mention] = members();
      await page.goto(`${base}/stream?mention=${mention.id}`);
      await page.locator("#mention-detail").getByText("Не из этого сюжета").waitFor();
      await clean(context, page, "a mention of a story");
      await page.keyboard.press("d");
      await until(page, () => mention.story.id !== id, "the open mention is out");
      await page.getByText("Не из этого сюжета").waitFor({ state: "detached" });
      await page.keyboard.press("u");
      await until(page, () => mention.story.id === id, "it is back again");
    }));

  it("are merged from their page with what reads alike, after a choice", () =>
    on({ locale: "uk", scheme: "dark" }, async ({ mock, base, page, context }) => {
      const ids = () => [...new Set(mock.state.mentions.flatMap(({ story }) => story?.id ?? []))];
      const [id] = ids();
      const before = ids().length;
      await page.goto(`${base}/stories/${id}`);
      await page.waitForSelector("[data-member]");
      await page.keyboard.press("m");
      await page.waitForSelector("[role=dialog] input[type=radio]");
      await clean(context, page, "what to merge with");
      assert.equal(await page.locator("[role=dialog] button[type=submit]").isDisabled(), true);
      await page.keyboard.type("салон");
      await page.locator("[role=dialog] label", { hasText: "салон" }).first().locator("input").check();
      await page.keyboard.press("Enter");
      await until(page, () => ids().length === before - 1, "two are one");
      await page.waitForSelector("[role=dialog]", { state: "detached" });
      assert.ok(ids().includes(id), "this one stays");
    }));

  it("are called by their titles where they narrow", () =>
    on({ locale: "en" }, async ({ mock, base, page }) => {
      const story = mock.state.mentions.find((one) => one.story)?.story.id;
      const title = mock.state.mentions
        .filter((one) => one.story?.id === story)
        .sort((a, b) => (a.post.published_at < b.post.published_at ? -1 : 1))[0]
        .post.text.slice(0, 30);
      for (const address of [`/search?story=${story}`, `/questions?period=30d&story=${story}`]) {
        await page.goto(base + address);
        await page.locator("ul[aria-label] li", { hasText: title }).first().waitFor();
      }
      await page.goto(`${base}/stream?story=${story}`);
      await page.locator("q", { hasText: title }).waitFor();
      await page.goto(`${base}/search`);
      await page.getByRole("button", { name: "Story", exact: true }).click();
      await page.locator("label", { hasText: title }).waitFor();
    }));

  it("teach when there are none", () =>
    on({ mock: { mentions: 0 } }, async ({ base, page, context }) => {
      await page.goto(`${base}/stories`);
      await page.getByText("Сюжетов нет").waitFor();
      await clean(context, page, "no stories");
    }));
});

describe("the model", { skip: without("getModel", "getLabelling") }, () => {
  for (const [locale, scheme, size] of LOOKS) {
    it(`tells how good it is, clean for axe (${locale}, ${scheme}, ${size.width} px)`, () =>
      on({ locale, scheme, size }, async ({ base, page, context }) => {
        await page.goto(`${base}/settings/model`);
        await page.waitForSelector("table");
        await page
          .getByTestId("relevance")
          .getByText(/0[,.]87/)
          .waitFor();
        await clean(context, page, "the model");
      }));
  }

  it("is trained with its progress shown", () =>
    on({}, async ({ base, page }) => {
      await page.goto(`${base}/settings/model`);
      await page.getByRole("button", { name: "Обучить сейчас" }).click();
      await page.getByText(/Обучение:/).waitFor();
      await page.getByText(/Обучение:/).waitFor({ state: "detached" });
    }));

  it("is rolled back, and the way back is a press away", () =>
    on({}, async ({ mock, base, page }) => {
      await page.goto(`${base}/settings/model`);
      await page.getByRole("button", { name: "Вернуть", exact: true }).click();
      await until(page, () => mock.state.model.active === "0", "the shipped model is in use");
      await page.getByText("Из поставки").first().waitFor();
      await page.keyboard.press("u");
      await until(page, () => mock.state.model.active === "3", "the trained one is back");
    }));

  it("says what to do before anybody has labelled", () =>
    on({}, async ({ mock, base, page, context }) => {
      mock.state.model.labels = {};
      mock.state.model.active = "0";
      await page.goto(`${base}/settings/model`);
      await page.getByRole("link", { name: "К разметке" }).waitFor();
      await page
        .getByTestId("relevance")
        .getByText(/Пока не училась/)
        .waitFor();
      assert.equal(await page.getByRole("button", { name: "Обучить сейчас" }).isDisabled(), true);
      await clean(context, page, "an untaught model");
    }));
});
