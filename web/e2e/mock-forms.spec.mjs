// Forms of networks that ask for what their choices need, against the mock server: `npm run build && npm run e2e`.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SIZES } from "./browser.mjs";
import { clean, until } from "./flow.mjs";
import { on } from "./mock/on.mjs";

const names = (page) =>
  page.$$eval("form [name]", (fields) => fields.map((one) => one.getAttribute("name")).filter((name) => name !== ""));
const status = (page) => page.locator("form [role=status]").first();

describe("the form of a mailbox", () => {
  for (const [locale, scheme, size] of [
    ["ru", "light", SIZES.wide],
    ["uk", "dark", SIZES.narrow],
  ]) {
    it(`asks for what the way of signing in needs (${locale}, ${scheme}, ${size.width} px)`, () =>
      on({ locale, scheme, size }, async ({ base, page, context }) => {
        await page.goto(`${base}/sources/add?connector=mail`);
        await page.waitForSelector("form [name=sign_in]");
        assert.deepEqual(await names(page), ["imap_host", "username", "sign_in", "password", "mailbox"]);
        assert.equal(await status(page).textContent(), "", "nothing is announced before anything was chosen");
        await clean(context, page, "a mailbox by password");

        await page.locator("[name=sign_in]").focus();
        await page.locator("[name=sign_in]").selectOption("other");
        const expected = ["imap_host", "username", "sign_in", "authorize_url", "token_url", "mailbox"];
        assert.deepEqual(await names(page), expected);
        assert.match(await status(page).textContent(), /(Страница согласия|Сторінка згоди), /);
        assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "sign_in");
        await clean(context, page, "a mailbox of another provider");

        await page.locator("[name=sign_in]").selectOption("google");
        assert.deepEqual(await names(page), ["imap_host", "username", "sign_in", "mailbox"]);
        assert.equal(await page.locator("form button[type=submit]").count(), 0, "only the consent leads on");
        await clean(context, page, "a mailbox by consent");
      }));
  }

  it("leads to the field that is wrong, whether it was saved or tried, and says what is missing", () =>
    on({}, async ({ base, page, context, mock }) => {
      const before = mock.state.sources.length;
      const led = (name) => page.waitForFunction((one) => document.activeElement?.getAttribute("name") === one, name);
      await page.goto(`${base}/sources/add?connector=feed`);
      await page.getByText("Осталось заполнить: Адрес").waitFor();
      await page.fill("[name=url]", "http://10.0.0.1");
      await page.getByRole("button", { name: "Добавить источник" }).click();
      await page.getByText("Адрес внутренней сети; нужен открытый").waitFor();
      await led("url");
      assert.equal(mock.state.sources.length, before);
      await clean(context, page, "an address that is refused");

      await page.goto(`${base}/sources/add?connector=mastodon`);
      await page.fill("[name=token]", "good");
      await page.locator("[name=what]").selectOption("tags");
      await page.fill("[name=tags]", "два слова");
      await page.getByRole("button", { name: "Проверить" }).click();
      await page.getByText(/не хештег; пишите по одному/).waitFor();
      await led("tags");
      assert.equal(await page.getByRole("alert").count(), 0, "it is said once, at the field");
      await page.fill("[name=tags]", "слова");
      assert.equal(await page.getByText(/не хештег; пишите по одному/).count(), 0);
    }));

  it("sends nothing of what it does not show", () =>
    on({ locale: "en" }, async ({ base, page, mock }) => {
      const before = mock.state.sources.length;
      await page.goto(`${base}/sources/add?connector=mail`);
      await page.fill("[name=imap_host]", "imap.example.org");
      await page.fill("[name=username]", "info@example.org");
      await page.locator("[name=sign_in]").selectOption("other");
      await page.fill("[name=token_url]", "https://id.example.org/token");
      await page.locator("[name=sign_in]").selectOption("password");
      const add = page.getByRole("button", { name: "Add a source" });
      assert.equal(await add.isDisabled(), true, "the password is missing");
      await page.fill("[name=password]", "secret");
      await add.click();
      await until(page, () => mock.state.sources.length > before, "the source is added");
      assert.deepEqual(mock.state.sources.at(-1).settings, {
        imap_host: "imap.example.org",
        username: "info@example.org",
        sign_in: "password",
        mailbox: "INBOX",
      });
    }));

  it("of an account hides the consent where a password is chosen", () =>
    on({ locale: "en" }, async ({ base, page }) => {
      await page.goto(`${base}/settings/accounts/add?connector=mail`);
      const go = page.getByRole("button", { name: "Connect by consent: E-mail" });
      await page.waitForSelector("[name=password]");
      assert.equal(await go.count(), 0);
      await page.locator("[name=sign_in]").selectOption("google");
      await go.waitFor();
      assert.equal(await page.locator("[name=password]").count(), 0);
    }));
});
