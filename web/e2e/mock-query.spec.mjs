// Writing a query: the editor, what stands beside it, and the lists that queries name.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SIZES } from "./browser.mjs";
import { clean, QUERY, queryText, until, writeQuery } from "./flow.mjs";
import { on } from "./mock/on.mjs";

const selected = (page) => page.evaluate(() => String(document.getSelection()));
const inEditor = (page) => page.evaluate((query) => document.activeElement?.matches(query) ?? false, QUERY);
const becomes = (page, text) => until(page, async () => (await queryText(page)) === text, `the query is \`${text}\``);

/** The page of a new topic with the cursor in its query. */
async function openEditor(page, base) {
  await page.goto(`${base}/topics/new`);
  await page.waitForSelector(QUERY);
  await page.locator(QUERY).focus();
}

describe("the query editor", () => {
  it("colours what is written, closes brackets, and takes a step back", () =>
    on({}, async ({ base, page }) => {
      await openEditor(page, base);
      await page.keyboard.type("(билайн OR beeline");
      assert.equal(await queryText(page), "(билайн OR beeline)");
      const colour = (text) =>
        page
          .locator(`${QUERY} span`, { hasText: new RegExp(`^${text}$`) })
          .evaluate((span) => getComputedStyle(span).fontWeight);
      assert.equal(await colour("OR"), "600");
      await page.keyboard.press("Control+a");
      await page.keyboard.type("a");
      assert.equal(await queryText(page), "a");
      await page.keyboard.press("Control+z");
      await becomes(page, "(билайн OR beeline)");
    }));

  it("completes a field and then its value", () =>
    on({}, async ({ base, page, context }) => {
      await openEditor(page, base);
      await page.keyboard.type("билайн net");
      const proposals = page.locator('[role="listbox"] [role="option"]');
      await proposals.getByText("network:").waitFor();
      await page.getByText("network:telegram").waitFor();
      await clean(context, page, "the proposals");
      await page.waitForTimeout(100);
      await page.keyboard.press("Enter");
      await becomes(page, "билайн network:");
      await proposals.getByText("telegram").waitFor();
      await page.keyboard.type("te");
      await until(page, async () => (await proposals.count()) === 1, "one value fits");
      await page.waitForTimeout(100);
      await page.keyboard.press("Enter");
      await becomes(page, "билайн network:telegram");
    }));

  it("completes lists by their names and operators in capitals only", () =>
    on({}, async ({ base, page }) => {
      await openEditor(page, base);
      await page.keyboard.type("a list:");
      await page.locator('[role="option"]', { hasText: "работа" }).waitFor();
      await page.locator('[role="option"]', { hasText: "4 записи" }).waitFor();
      await page.waitForTimeout(100);
      await page.keyboard.press("Enter");
      await becomes(page, "a list:работа");
      await page.keyboard.type(" or");
      await page.waitForTimeout(300);
      assert.equal(await page.locator('[role="option"]').count(), 0);
      await page.keyboard.type(" ON");
      await page.locator('[role="option"]', { hasText: "ONEAR/5" }).waitFor();
    }));

  it("underlines faults, leads to them with F8 and a click, and repairs them in place", () =>
    on({}, async ({ base, page, context }) => {
      await openEditor(page, base);
      await writeQuery(page, "(молва or molva");
      await page.waitForSelector(".cm-lintRange-error");
      await page.waitForSelector(".cm-lintRange-warning");
      await page.keyboard.press("Control+Home");
      await page.keyboard.press("F8");
      await until(page, async () => (await selected(page)) === "or", "F8 selects the remark");
      await page.keyboard.press("F8");
      await until(page, async () => (await selected(page)) === "(", "and then the error");
      await page.getByRole("button", { name: /1:8/ }).click();
      await until(page, async () => (await selected(page)) === "or", "a click selects the place");
      await page.locator(".cm-lintRange-warning").hover();
      await page.locator(".cm-tooltip-lint").getByRole("button", { name: "Написать OR" }).waitFor();
      await clean(context, page, "a fault under the pointer");
      await page.locator(".cm-tooltip-lint button").click();
      await becomes(page, "(молва OR molva");
      await until(page, async () => (await page.locator(".cm-lintRange-warning").count()) === 0, "the remark is gone");
    }));

  it("shows what is selected, and the forms of the word that the pointer rests on", () =>
    on({ scheme: "dark" }, async ({ base, page, context }) => {
      await openEditor(page, base);
      await writeQuery(page, "билайн вакансия");
      await page.getByText("из словаря").waitFor();
      await page.keyboard.press("Control+a");
      const background = await page
        .locator(".cm-selectionBackground")
        .first()
        .evaluate((layer) => getComputedStyle(layer).backgroundColor);
      assert.equal(background, "rgb(50, 58, 102)");
      await page.locator(`${QUERY} .cm-line`).hover({ position: { x: 40, y: 12 } });
      await page.locator(".cm-forms", { hasText: "билайном" }).waitFor();
      await clean(context, page, "the forms under the pointer");
    }));

  it("is a plain field when it cannot be loaded, and still checks and saves", () =>
    on({}, async ({ base, page, context }) => {
      await page.route("**/code-editor-*.js", (route) => route.abort());
      await page.goto(`${base}/topics/new`);
      await page.locator("input").nth(1).fill("Молва");
      const field = page.locator(`textarea${QUERY}`);
      await field.fill("(молва or molva)");
      await page.getByRole("button", { name: "Написать OR" }).click();
      await until(
        page,
        async () => (await field.inputValue()) === "(молва OR molva)",
        "the repair stands in the query",
      );
      await clean(context, page, "the plain field");
      await page.keyboard.press("Control+s");
      await page.waitForURL(/\/stream\?topic=/);
    }));

  it("lets go of the keyboard", () =>
    on({}, async ({ base, page }) => {
      await openEditor(page, base);
      await page.keyboard.type("net");
      await page.waitForSelector('[role="listbox"]');
      await page.keyboard.press("Escape");
      await page.waitForSelector('[role="listbox"]', { state: "detached" });
      assert.equal(await inEditor(page), true);
      await page.keyboard.press("Tab");
      assert.equal(await inEditor(page), false);
      await page.keyboard.press("Shift+Tab");
      assert.equal(await inEditor(page), true);
      await page.keyboard.press("Shift+Tab");
      assert.equal(await inEditor(page), false);
    }));

  it("shows the newest answer when answers cross, and cancels the older question", () =>
    on({}, async ({ base, page }) => {
      await openEditor(page, base);
      const cancelled = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/queries/check"));
      const asked = page.waitForRequest((request) => request.url().endsWith("/queries/check"));
      await writeQuery(page, "(медленно");
      await asked;
      await writeQuery(page, "быстро");
      await cancelled;
      await page.getByText("Любое из слов: быстро").waitFor();
      await page.waitForTimeout(1_000);
      assert.equal(await page.locator(".cm-lintRange-error").count(), 0);
      await page.getByText("Любое из слов: быстро").waitFor();
    }));

  it("tidies by a key, says when there is nothing to do, and can be taken back", () =>
    on({}, async ({ base, page }) => {
      await openEditor(page, base);
      await writeQuery(page, "билайн    OR  beeline NOT вакансия");
      await page.keyboard.press("Shift+Alt+F");
      await becomes(page, "билайн OR beeline\nNOT вакансия");
      await page.keyboard.press("Control+z");
      await becomes(page, "билайн    OR  beeline NOT вакансия");
      await writeQuery(page, "(билайн");
      await page.getByRole("button", { name: "Упорядочить" }).click();
      await page.getByText("Сначала исправьте ошибки").waitFor();
    }));
});

describe("beside the query", () => {
  it("stand the forms of the word under the cursor, and one press makes it exact", () =>
    on({}, async ({ base, page, context }) => {
      await openEditor(page, base);
      await writeQuery(page, "билайн вакансия");
      const forms = page.getByRole("region", { name: "Формы слова" });
      await forms.getByText("из словаря").waitFor();
      await page.keyboard.press("Control+Home");
      await forms.getByText("угадано").waitFor();
      await forms.getByText("билайном").waitFor();
      await clean(context, page, "the forms");
      assert.equal(await forms.getByText("билайнями").count(), 0);
      await forms.getByRole("button", { name: "и ещё 4" }).click();
      await forms.getByText("билайнями").waitFor();
      await forms.getByRole("button", { name: "Только эта форма" }).click();
      await becomes(page, "=билайн вакансия");
      assert.equal(await inEditor(page), true);
    }));

  it("a query that costs much says so, with the way out", () =>
    on({}, async ({ base, page, context }) => {
      await openEditor(page, base);
      await writeQuery(page, "каждый");
      await page.getByText("84 000 постов из каждого миллиона").waitFor();
      await clean(context, page, "the cost");
      await writeQuery(page, "это");
      await page.getByText("Добавьте слово или фразу").waitFor();
    }));

  for (const [scheme, size] of [
    ["light", "wide"],
    ["dark", "narrow"],
  ])
    it(`stands what each part does (${scheme}, ${size})`, () =>
      on({ scheme, size: SIZES[size], locale: "en" }, async ({ base, page, context }) => {
        await openEditor(page, base);
        await writeQuery(page, "(билайн OR beeline) NOT (вакансия OR резюме)");
        const effects = page.getByRole("region", { name: "Effect of each part" });
        await effects.getByRole("switch").focus();
        await page.keyboard.press("Space");
        await effects.getByText("Of the last 3,000 posts 412 match.").waitFor();
        assert.deepEqual(await effects.locator("li").allInnerTexts(), [
          "adds 37\nбилайн",
          "adds 351\nbeeline",
          "removes 1,240\nNOT (вакансия OR резюме)",
        ]);
        await effects.locator("li button").last().hover();
        await until(
          page,
          async () => (await page.locator(".cm-clause").allInnerTexts()).join("") === "NOT (вакансия OR резюме)",
          "the part is marked in the text",
        );
        await clean(context, page, "the effects");
        await effects.locator("li button").first().click();
        await until(page, async () => (await selected(page)) === "билайн", "a click selects the part");
        await page.reload();
        await page.waitForSelector(QUERY);
        await writeQuery(page, "b".repeat(501));
        await effects.getByText("There was more than could be tried in time").waitFor();
      }));

  for (const scheme of ["light", "dark"])
    it(`a query of another product is brought over (${scheme})`, () =>
      on({ scheme }, async ({ base, page, context }) => {
        await openEditor(page, base);
        await page.getByRole("button", { name: "Перенести из другого продукта" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("button", { name: "YouScan" }).click();
        await dialog.locator("textarea").fill("билайн NEAR/3f сеть AND engagementType:RETWEET");
        await dialog.getByText("2 места, на которые стоит взглянуть").waitFor();
        await clean(context, page, "the import");
        await dialog.getByRole("button", { name: /1:25/ }).click();
        assert.equal(
          await dialog
            .locator("textarea")
            .evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd)),
          "engagementType:RETWEET",
        );
        await dialog.getByRole("button", { name: "Взять этот запрос" }).click();
        await becomes(page, "билайн ONEAR/3 сеть");
        await page.getByRole("button", { name: /^Вернуть/ }).click();
        await becomes(page, "");
      }));
});

it("all that may stand in a query is told by example", () =>
  on({}, async ({ base, page, context }) => {
    await openEditor(page, base);
    await page.getByRole("button", { name: "Что может стоять в запросе" }).click();
    const help = page.getByRole("dialog");
    await help.getByText("author.city:Энгельс").waitFor();
    await help.getByText("2 OF (a, b, c)").waitFor();
    assert.equal(await help.getByText("tone:negative").count(), 0);
    await clean(context, page, "the help");
  }));

describe("lists", () => {
  it("teach when there are none", () =>
    on({ mock: { empty: true } }, async ({ base, page, context }) => {
      await page.goto(`${base}/topics/lists`);
      await page.getByText("молва НЕ list:работа").waitFor();
      await clean(context, page, "no lists");
    }));

  for (const scheme of ["light", "dark"])
    it(`are written one entry a line; what is wrong is told by its line (${scheme})`, () =>
      on({ scheme }, async ({ base, page, context }) => {
        await page.goto(`${base}/topics`);
        await page.getByRole("link", { name: "Списки" }).click();
        await page.waitForSelector("table");
        await clean(context, page, "the lists");
        await page.getByRole("link", { name: "Новый список" }).click();
        await page.getByLabel("Имя").fill("города");
        await page.getByLabel("Записи").fill("Энгельс\n\n!!!\nэнгельс");
        await page.getByText("1 строка повторяет другую").waitFor();
        await page.keyboard.press("Control+s");
        await page.getByRole("button", { name: /Строка 3/ }).click();
        await clean(context, page, "a list with a fault");
        await page.keyboard.type("Саратов");
        await page.getByRole("button", { name: "Сохранить" }).click();
        await page.waitForURL(/\/topics\/lists$/);
        await page.getByRole("link", { name: "города" }).click();
        assert.equal(await page.getByLabel("Записи").inputValue(), "Энгельс\nСаратов");
        await page.getByRole("button", { name: "Удалить" }).click();
        await page.getByRole("dialog").getByRole("button", { name: "Удалить" }).click();
        await page.waitForURL(/\/topics\/lists$/);
        await page.getByRole("link", { name: "города" }).waitFor({ state: "detached" });
      }));

  it("cannot go while a topic uses them", () =>
    on({}, async ({ base, page, context }) => {
      await page.goto(`${base}/topics/lists/71`);
      await page.getByRole("button", { name: "Удалить" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("Список нужен теме").waitFor();
      assert.equal(await dialog.getByRole("button", { name: "Удалить" }).count(), 0);
      await clean(context, page, "what stands against it");
      await dialog.getByRole("link", { name: "Мегафон" }).click();
      await page.waitForURL(/\/topics\/\d+$/);
    }));

  it("say when somebody else was faster, and keep what was typed", () =>
    on({}, async ({ base, page, mock }) => {
      await page.goto(`${base}/topics/lists/72`);
      await page.getByLabel("Записи").fill("@one\n@two");
      mock.state.lists.find((one) => one.id === "72").version += 1;
      await page.getByRole("button", { name: "Сохранить" }).click();
      await page.getByText("изменил кто-то другой").waitFor();
      await page.getByRole("button", { name: "Оставить моё" }).click();
      assert.equal(await page.getByLabel("Записи").inputValue(), "@one\n@two");
      await page.getByRole("button", { name: "Сохранить" }).click();
      await page.waitForURL(/\/topics\/lists$/);
      assert.deepEqual(mock.state.lists.find((one) => one.id === "72").entries, ["@one", "@two"]);
    }));
});
