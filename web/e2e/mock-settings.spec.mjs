// Saved views and the settings of the workspace against the mock server.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clean, until } from "./flow.mjs";
import { on } from "./mock/on.mjs";
import { MANY, open } from "./search-page.mjs";

describe("saved views", () => {
  it("are saved, opened, renamed, found in the palette, deleted and brought back", () =>
    on(MANY, async ({ base, page, context, mock }) => {
      await open(page, `${base}/search?query=тариф&tone=negative&order=reach`);
      await page.getByRole("button", { name: "Подборки" }).click();
      await page.keyboard.type("Жалобы");
      await page.keyboard.press("Enter");
      await page.getByText("Подборка Жалобы сохранена").waitFor();
      assert.equal(mock.state.views[0].address, "query=%D1%82%D0%B0%D1%80%D0%B8%D1%84&tone=negative&order=reach");

      await page.goto(`${base}/search`);
      await page.getByRole("button", { name: "Подборки" }).click();
      await clean(context, page, "the views");
      await page.getByRole("button", { name: "Жалобы", exact: true }).click();
      await page.waitForURL(/tone=negative/);
      await page.getByRole("button", { name: /Подборки/ }).click();
      await page.getByRole("button", { name: "Изменить подборку Жалобы" }).click();
      await page.locator("form input[class*=field]").first().fill("Жалобы на тарифы");
      await page.getByRole("checkbox", { name: "Для всех здесь" }).check();
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Изменить подборку Жалобы на тарифы" }).waitFor();
      assert.equal(mock.state.views[0].shared, true);
      await page.keyboard.press("Escape");

      await page.goto(`${base}/stream`);
      await page.waitForSelector("li[data-id]");
      await page.keyboard.press("Control+k");
      await page.waitForSelector('[role="combobox"]');
      await page.keyboard.type("жалобы");
      await page.getByRole("option", { name: /Жалобы на тарифы/ }).waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/search\?.*order=reach/);

      await page.getByRole("button", { name: /Подборки/ }).click();
      await page.getByRole("button", { name: "Изменить подборку Жалобы на тарифы" }).click();
      await page.getByRole("button", { name: "Удалить" }).click();
      await page.getByText("Подборка Жалобы на тарифы удалена").waitFor();
      assert.equal(mock.state.views.length, 0);
      await page.getByRole("button", { name: /Вернуть/ }).click();
      await until(page, () => mock.state.views.length === 1, "the view is back");
    }));

  it("say that a name is taken and keep what was typed", () =>
    on(MANY, async ({ base, page }) => {
      for (const address of ["?query=тариф", "?query=салон"]) {
        await open(page, `${base}/search${address}`);
        await page.getByRole("button", { name: "Подборки" }).click();
        await page.keyboard.type("Одна");
        await page.keyboard.press("Enter");
      }
      await page.getByRole("alert").getByText("уже есть").waitFor();
      assert.equal(await page.getByRole("textbox", { name: "Название" }).inputValue(), "Одна");
    }));
});

describe("settings", () => {
  it("set the time zone of the workspace, and say when there is no such zone", () =>
    on({}, async ({ base, page, context, mock }) => {
      await page.goto(`${base}/settings`);
      const zone = page.getByLabel(/^Часовой пояс/);
      await zone.fill("Марс/Олимп");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").getByText("часового пояса").waitFor();
      await clean(context, page, "settings with a wrong zone");
      await zone.fill("Europe/Kyiv");
      await page.keyboard.press("Enter");
      await page.getByText("Часовой пояс: Europe/Kyiv").waitFor();
      assert.equal(mock.state.workspace.time_zone, "Europe/Kyiv");
      await page.getByRole("button", { name: /Вернуть/ }).click();
      await until(page, () => mock.state.workspace.time_zone === "Europe/Moscow", "the zone of before");
    }));

  it("build the archive anew after asking, with progress", () =>
    on({}, async ({ base, page, context }) => {
      await page.goto(`${base}/settings`);
      await page.getByRole("button", { name: "Построить заново" }).click();
      await clean(context, page, "the question before a rebuild");
      await page.getByRole("dialog").getByRole("button", { name: "Построить заново" }).click();
      await page.getByText(/Строится заново: \d+ из 400/).waitFor();
      await page.getByText(/Строится заново/).waitFor({ state: "detached" });
      await page.getByText("Не отстаёт").waitFor();
    }));
});
