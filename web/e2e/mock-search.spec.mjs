// The search page against the mock server: how it is asked and what is found.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clean, openId, queryText, shownRows, until, workByKeyboard, writeQuery } from "./flow.mjs";
import { on } from "./mock/on.mjs";
import { countOf, MANY, open, param } from "./search-page.mjs";

describe("a query", () => {
  it("is counted while it is typed, sent off by Enter, and the list does not move before", () =>
    on(MANY, async ({ base, page, context }) => {
      await open(page, `${base}/search`);
      const before = await shownRows(page);
      await writeQuery(page, "тариф билайна");
      await page.getByText(/Найдётся \d+ · Enter$/).waitFor();
      assert.deepEqual(await shownRows(page), before, "the list did not move");
      assert.deepEqual(param(page, "query"), []);
      const outlook = (await page.getByText(/Найдётся/).textContent()).match(/\d+/)[0];
      await clean(context, page, "a query while it is typed");
      await page.keyboard.press("Enter");
      await until(page, async () => (await countOf(page)) === outlook, "the count is what was told");
      assert.deepEqual(param(page, "query"), ["тариф билайна"]);
      await page.waitForSelector("li[data-id] mark >> text=тариф");
      await page.goBack();
      await until(page, async () => (await queryText(page)) === "", "back clears the query");
      await until(page, async () => String(await shownRows(page)) === String(before), "and brings the list of before");
      await page.goForward();
      await until(page, async () => (await queryText(page)) === "тариф билайна", "forward writes it again");
    }));

  it("says what is wrong with it, and is not sent off before it is right", () =>
    on(MANY, async ({ base, page, context }) => {
      await open(page, `${base}/search`);
      await writeQuery(page, "(тариф or связь");
      await page.getByText("Скобка не закрыта").waitFor();
      await page.getByText("Исправьте подчёркнутое, потом ищите").waitFor();
      await page.keyboard.press("Enter");
      assert.deepEqual(param(page, "query"), []);
      await clean(context, page, "a faulty query");
      await page.goto(`${base}/search?query=(тариф`);
      await page.getByRole("heading", { name: "В запросе ошибка" }).waitFor();
      const exported = page.getByRole("button", { name: "Выгрузить" });
      assert.equal(await exported.getAttribute("title"), "Исправьте подчёркнутое в запросе, потом выгружайте");
      await exported.click({ force: true });
      assert.equal(await page.getByRole("dialog").count(), 0);
      await page.getByText("Скобка не закрыта").waitFor();
    }));

  it("drops the answers of what was typed before", () =>
    on(MANY, async ({ base, page, mock }) => {
      await open(page, `${base}/search`);
      const all = await countOf(page);
      mock.state.archive.slow_ms = 600;
      await writeQuery(page, "связь");
      await page.waitForTimeout(700);
      await writeQuery(page, "тариф билайна");
      await page.getByText(/Найдётся \d+ · Enter$/).waitFor();
      mock.state.archive.slow_ms = 0;
      assert.equal(await countOf(page), all, "the count of what is shown stays readable");
      const outlook = await page.getByText(/Найдётся/).textContent();
      await page.waitForTimeout(900);
      assert.equal(await page.getByText(/Найдётся/).textContent(), outlook);
    }));

  it("has the key `/`", () =>
    on(MANY, async ({ base, page }) => {
      await open(page, `${base}/search`);
      await page.keyboard.press("/");
      await page.keyboard.type("салон");
      await until(page, async () => (await queryText(page)) === "салон", "the slash went to the query");
    }));
});

describe("filters", () => {
  it("stand in the address, lift their own choice, and go one by one or all at once", () =>
    on(MANY, async ({ base, page, context }) => {
      await open(page, `${base}/search`);
      const all = await countOf(page);
      await page.getByRole("checkbox", { name: /^VK/ }).check();
      await page.waitForURL(/network=vk/);
      await page.getByRole("checkbox", { name: /Негатив/ }).check();
      await page.waitForURL(/tone=negative/);
      const group = page.getByRole("region", { name: "Фильтры" });
      assert.match(await group.textContent(), /Telegram/, "a facet's own choice does not narrow its values");
      await until(page, async () => Number(await countOf(page)) < Number(all), "fewer are found");
      await clean(context, page, "chosen filters");
      const narrowed = page.url();
      await page.getByRole("button", { name: "Снять фильтр Сеть: VK" }).click();
      await page.waitForURL((url) => !url.search.includes("network"));
      await page.goBack();
      await page.waitForURL(narrowed);
      await page.getByRole("button", { name: "Снять все", exact: true }).click();
      await page.waitForURL(/\/search$/);
      await until(page, async () => (await countOf(page)) === all, "everything again");
    }));

  it("of a folded group come when it is opened, which is remembered", () =>
    on(MANY, async ({ base, page }) => {
      await open(page, `${base}/search`);
      await page.getByRole("button", { name: "Город" }).click();
      await page.getByRole("checkbox", { name: /Энгельс/ }).waitFor();
      await page.getByRole("checkbox", { name: /Город неизвестен/ }).check();
      await page.waitForURL(/city=%7E/);
      await page.reload();
      await page.getByRole("checkbox", { name: /Город неизвестен/, checked: true }).waitFor();
    }));

  it("that are long can be searched", () =>
    on(MANY, async ({ base, page, context }) => {
      await open(page, `${base}/search`);
      await page.getByRole("button", { name: "Автор" }).click();
      const group = page.getByRole("region", { name: "Фильтры" });
      await group.getByRole("button", { name: /^Ещё/ }).last().click();
      await page.getByRole("searchbox", { name: /Найти среди/ }).fill("савел");
      await until(
        page,
        async () => (await group.getByRole("checkbox", { name: /Maria Keller/ }).count()) === 0,
        "the others are gone",
      );
      assert.ok((await group.getByRole("checkbox", { name: /Игорь Савельев/ }).count()) > 0);
      await clean(context, page, "a facet looked through");
    }));
});

describe("the timeline", () => {
  it("is brushed by the pointer and stays where it is", () =>
    on(MANY, async ({ base, page, context }) => {
      await open(page, `${base}/search?period=30d`);
      const all = Number(await countOf(page));
      const bars = await page.locator("rect").count();
      const plot = await page.locator("svg:has(rect)").boundingBox();
      await page.mouse.move(plot.x + plot.width * 0.3, plot.y + 20);
      await page.mouse.down();
      await page.mouse.move(plot.x + plot.width * 0.6, plot.y + 20, { steps: 4 });
      await page.mouse.up();
      await page.waitForURL(/frame=30d/);
      await until(page, async () => Number(await countOf(page)) < all, "the brush filters");
      assert.equal(await page.locator("rect").count(), bars, "the timeline stays");
      await clean(context, page, "a brushed timeline");
      await page.getByRole("button", { name: "Приблизить" }).click();
      await page.waitForURL((url) => !url.search.includes("frame"));
      await page.goBack();
      await page.getByRole("button", { name: "Весь период" }).click();
      await page.waitForURL(/\?period=30d$/);
    }));

  it("is brushed by keyboard and has a table", () =>
    on(MANY, async ({ base, page, context }) => {
      await open(page, `${base}/search?period=30d`);
      const all = Number(await countOf(page));
      const start = page.getByRole("slider", { name: "Начало выбранной части" });
      await start.focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      assert.equal(await start.getAttribute("aria-valuenow"), "2");
      await page.waitForURL(/from=.*frame=30d/);
      await until(page, async () => Number(await countOf(page)) < all, "the keys filter");
      await page.keyboard.press("Home");
      await page.waitForURL(/\?period=30d$/);
      await page.getByRole("button", { name: "Шкала времени таблицей" }).click();
      assert.ok((await page.locator("[role=dialog] tbody tr").count()) >= 30);
      await clean(context, page, "the timeline as a table");
    }));
});

describe("what is found", () => {
  it("is worked by keyboard as in the stream", () =>
    on(MANY, async ({ base, page }) => {
      await open(page, `${base}/search?query=билайн OR beeline OR білайн`);
      await workByKeyboard(page);
    }));

  it("gathers what comes meanwhile under a bar and never moves what is read", () =>
    on(MANY, async ({ base, page, mock }) => {
      await open(page, `${base}/search?query=билайн`);
      await page.waitForSelector('[data-phase="open"]');
      const before = await shownRows(page);
      mock.arrive(2, "Свежее слово о билайне номер один");
      await page.waitForSelector('[data-testid="new-bar"] >> text=2 новых');
      assert.deepEqual(await shownRows(page), before, "the list did not move");
      await page.keyboard.press(".");
      await page.waitForSelector("li[data-id] >> text=Свежее слово");
      await page.waitForSelector('[data-testid="new-bar"]', { state: "detached" });
    }));

  it("is sorted by reach, and the address says so", () =>
    on(MANY, async ({ base, page }) => {
      await open(page, `${base}/search?query=тариф`);
      await page.getByRole("combobox", { name: "Порядок" }).selectOption("reach");
      await page.waitForURL(/order=reach/);
      await page.waitForSelector("li[data-id]");
      await page.reload();
      await page.waitForSelector("li[data-id]");
      assert.equal(await page.getByRole("combobox", { name: "Порядок" }).inputValue(), "reach");
    }));

  it("leads to similar mentions and back", () =>
    on(MANY, async ({ base, page, context }) => {
      await open(page, `${base}/search`);
      await page.keyboard.press("j");
      await page.getByRole("button", { name: "Найти похожие" }).click();
      const first = openId(page);
      await page.locator("#mention-detail ul a[href*='mention=']").first().click();
      await until(page, () => openId(page) !== first, "another one is open");
      await page.waitForSelector("#mention-detail article");
      await clean(context, page, "a similar mention");
      await page.goBack();
      await until(page, () => openId(page) === first, "back to the first");
    }));

  it("is one row for a post of two topics, and what is done to the row is done to both", () =>
    on(MANY, async ({ base, page, mock, context }) => {
      const newest = mock.state.mentions.reduce((one, other) =>
        one.post.published_at > other.post.published_at ? one : other,
      );
      const other = mock.state.topics.find((topic) => topic.id !== newest.topic_id);
      const twin = { ...newest, id: String(BigInt(newest.id) + 1n), topic_id: other.id };
      mock.state.mentions.push(twin);
      await open(page, `${base}/search`);
      const row = page.locator("li[data-id]").first();
      assert.equal(await row.locator("button").count(), 2);
      await clean(context, page, "a folded row");
      await row.getByRole("checkbox").check();
      await page.getByText("Выбрано 2 упоминания").waitFor();
      await page.getByRole("toolbar").getByRole("button", { name: "В корзину" }).click();
      const states = () =>
        mock.state.mentions.filter((one) => one.post.urn === newest.post.urn).map((one) => one.state);
      await until(page, () => String(states()) === "binned,binned", "both are in the bin");

      await row.getByRole("button", { name: other.name }).click();
      await until(page, () => openId(page) === twin.id, "a topic opens its own mention");
      await page.keyboard.press("j");
      await until(page, () => ![newest.id, twin.id].includes(openId(page)), "the next row is another post");
    }));

  it("is changed all at once: it asks with the number and takes a changed number into account", () =>
    on(MANY, async ({ base, page, mock, context }) => {
      await open(page, `${base}/search?query=салон`);
      const count = await countOf(page);
      mock.state.archive.arrives_meanwhile = true;
      await page.keyboard.press("j");
      await page.keyboard.press("x");
      await page.getByRole("button", { name: `Все найденные: ${count}…` }).click();
      const dialog = page.getByRole("dialog", { name: /Изменить/ });
      await dialog.getByRole("combobox").selectOption("tag");
      await dialog.getByRole("textbox").or(dialog.locator("input")).fill("проверено");
      await clean(context, page, "the question before a change of all");
      await page.keyboard.press("Enter");
      await dialog.getByText("Тем временем число изменилось").waitFor();
      await page.keyboard.press("Enter");
      await page.getByText(new RegExp(`Изменено ${count}`)).waitFor();
      await page.waitForSelector("li[data-id] >> text=проверено");
    }));

  it("is exported as a file", () =>
    on(MANY, async ({ base, page, context }) => {
      await open(page, `${base}/search?query=тариф`);
      await page.getByRole("button", { name: "Выгрузить" }).click();
      await page.getByRole("radio", { name: /CSV/ }).check();
      await clean(context, page, "the export");
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: /^Сохранить/ }).click(),
      ]);
      assert.equal(download.suggestedFilename(), "molva-mentions.csv");
    }));
});

describe("the period", () => {
  it("is chosen by name and by days", () =>
    on(MANY, async ({ base, page, context }) => {
      await open(page, `${base}/search`);
      await page.getByRole("button", { name: /^Опубликовано/ }).click();
      await clean(context, page, "the period");
      await page.getByRole("button", { name: "Последние 7 дней" }).click();
      await page.waitForURL(/period=7d/);
      await page.getByRole("button", { name: /^Опубликовано/ }).click();
      await page.getByLabel("С", { exact: true }).fill("2026-11-01");
      await page.getByLabel("По", { exact: true }).fill("2026-10-01");
      await page.getByRole("alert").getByText("Конец раньше начала").waitFor();
      await page.getByLabel("По", { exact: true }).fill("2026-11-07");
      await page.keyboard.press("Enter");
      await page.waitForURL(/from=2026-10-31T21%3A00%3A00.000Z&to=2026-11-07T21%3A00%3A00.000Z/);
    }));
});
