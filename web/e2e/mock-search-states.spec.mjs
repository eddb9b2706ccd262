// What the search page and its like show when there is nothing, not all, or not yet.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SIZES } from "./browser.mjs";
import { clean, writeQuery } from "./flow.mjs";
import { on } from "./mock/on.mjs";
import { MANY, open, param } from "./search-page.mjs";

describe("states", () => {
  it("nothing found names the filter that stands in the way, with its count", () =>
    on(MANY, async ({ base, page, context }) => {
      await page.goto(`${base}/search?query=салон&language=uk`);
      await page.getByText("Мешает один из фильтров").waitFor();
      await clean(context, page, "nothing found");
      await page.getByRole("button", { name: /Без «Язык: украинский»/ }).click();
      await page.waitForSelector("li[data-id]");
      assert.deepEqual(param(page, "language"), []);
    }));

  it("no topics leads to the first one", () =>
    on({ mock: { empty: true } }, async ({ base, page, context }) => {
      await page.goto(`${base}/search`);
      await page.getByRole("link", { name: "Создать первую тему" }).waitFor();
      await clean(context, page, "a search without topics");
    }));

  it("an archive that is being filled and a damaged month are told", () =>
    on(MANY, async ({ base, page, mock, context }) => {
      mock.state.archive.incomplete = { done: 40_000, total: 90_000 };
      mock.state.archive.missing = ["2026-03"];
      await open(page, `${base}/search`);
      await page.getByText(/Архив наполняется: 40\s000 из 90\s000/).waitFor();
      await page.getByText(/март 2026.*сейчас не читается/).waitFor();
      await clean(context, page, "an archive that is being filled");
      mock.state.archive.incomplete = null;
      mock.state.archive.missing = [];
      await page.getByText(/Архив наполняется/).waitFor({ state: "detached" });
    }));

  it("a server that is away says so and comes back by itself", () =>
    on(MANY, async ({ base, page, mock }) => {
      await open(page, `${base}/search`);
      mock.down(true);
      await page.getByRole("checkbox", { name: /^VK/ }).check();
      await page.getByRole("alert").first().waitFor();
      mock.down(false);
      await page.waitForSelector("li[data-id]");
      await page.waitForURL(/network=vk/);
    }));

  for (const size of ["middle", "narrow"]) {
    it(`works without a column for filters (${size})`, () =>
      on({ ...MANY, size: SIZES[size], scheme: "dark", locale: "en" }, async ({ base, page, context }) => {
        await open(page, `${base}/search`);
        await clean(context, page, `search, ${size}`);
        await page.getByRole("button", { name: "Filters" }).click();
        await page.getByRole("checkbox", { name: /^VK/ }).check();
        await page.waitForURL(/network=vk/);
        await page.waitForSelector("[aria-busy=true]", { state: "detached" });
        await clean(context, page, `filters, ${size}`);
        await page.keyboard.press("Escape");
        await page.locator("li[data-id] a").first().click();
        await page.waitForSelector("#mention-detail");
        await clean(context, page, `an open mention, ${size}`);
      }));
  }
});

describe("what is being asked for anew", () => {
  for (const scheme of ["light", "dark"]) {
    it(`stays readable meanwhile (${scheme})`, () =>
      on({ ...MANY, scheme }, async ({ base, page, context, mock }) => {
        await open(page, `${base}/search`);
        mock.state.held = true;
        await page.getByRole("checkbox", { name: /^VK/ }).check();
        await page.waitForSelector("section[aria-busy=true] [data-stale=true]");
        await page.waitForSelector("[data-stale=true] li[data-id]");
        await page.waitForTimeout(600);
        await clean(context, page, "a search while it is asked anew");
        assert.ok((await page.locator("[data-stale=true]").count()) > 2, "the answers are still awaited");
      }));

    it(`stays readable meanwhile in the five questions (${scheme})`, () =>
      on({ ...MANY, scheme, locale: "en" }, async ({ base, page, context, mock }) => {
        await page.goto(`${base}/questions?period=30d`);
        await page.waitForSelector("#words-title");
        await page.waitForSelector("section[aria-busy=true]", { state: "detached" });
        await page.getByRole("button", { name: /^Compare:/ }).click();
        mock.state.held = true;
        await page.getByRole("button", { name: "With a year ago" }).click();
        await page.waitForSelector("section[aria-busy=true] [data-stale=true]");
        await page.waitForTimeout(600);
        await clean(context, page, "figures while they are asked anew");
        assert.ok((await page.locator("[data-stale=true]").count()) > 2, "the answers are still awaited");
      }));

    it(`stays readable meanwhile beside a query (${scheme})`, () =>
      on({ ...MANY, scheme }, async ({ base, page, context, mock }) => {
        await page.goto(`${base}/topics/new`);
        await writeQuery(page, "билайн");
        await page.waitForSelector("main mark");
        mock.state.held = true;
        await writeQuery(page, "билайн OR тариф");
        await page.waitForSelector("[role=region][data-stale=true]");
        await page.waitForTimeout(600);
        await clean(context, page, "hits while they are looked for anew");
      }));
  }
});
