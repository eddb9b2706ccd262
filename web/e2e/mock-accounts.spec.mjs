// Accounts against the mock server: `npm run build && npm run e2e`.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LOOKS } from "./browser.mjs";
import { clean, until } from "./flow.mjs";
import { on } from "./mock/on.mjs";
import { makeAccount } from "./mock/reply-routes.mjs";
import { without } from "./offered.mjs";

const skip = without("createReply", "listReplies", "listAccounts");

describe("accounts", { skip }, () => {
  for (const [locale, scheme, size] of LOOKS) {
    it(`are clean for axe, none and all kinds (${locale}, ${scheme}, ${size.width} px)`, () =>
      on({ locale, scheme, size }, async ({ base, page, context, mock }) => {
        await page.goto(`${base}/settings/accounts`);
        await page.waitForSelector("main h2");
        await clean(context, page, "no accounts");
        await page.goto(`${base}/settings/accounts/add`);
        await page.waitForSelector("main h2");
        await clean(context, page, "networks that can be answered");
        await page.goto(`${base}/settings/accounts/add?connector=mastodon`);
        await page.locator("input[value=me]").check();
        await clean(context, page, "the form");
        const soon = new Date(Date.now() + 5 * 86_400_000).toISOString();
        const well = makeAccount("mastodon", "Поддержка");
        const facts = { ...well.facts, expires_at: soon };
        const me = { id: "1", name: "Мария Ли" };
        mock.state.accounts.push(
          well,
          makeAccount("mastodon", "Скоро", { expiring: true, facts }),
          makeAccount("mastodon", "Кончился", { state: "expired" }),
          makeAccount("mastodon", "Не пускает", {
            state: "revoked",
            problem: { code: "revoked", message: "сервер отозвал токен", advice: "получите новый" },
          }),
          makeAccount("mastodon", "Без прав", { facts: { ...well.facts, missing: "нет права write:statuses" } }),
          makeAccount("mastodon", "Личный", { holder: { kind: "employee", user: me, consent_at: soon } }),
          makeAccount("mastodon", "Бывший", { state: "disconnected", facts: null }),
        );
        await page.goto(`${base}/settings/accounts`);
        await page.waitForSelector("[data-health=disconnected]");
        await clean(context, page, "accounts");
      }));
  }

  it("are tested before they are saved, with consent where they are personal", () =>
    on({}, async ({ base, page, mock }) => {
      await page.goto(`${base}/settings`);
      await page.locator("section", { hasText: "Аккаунты" }).getByRole("link").first().click();
      await page.waitForURL(/\/settings\/accounts$/);
      await page.getByRole("link", { name: "Подключить аккаунт" }).click();
      await page.getByRole("link", { name: "Mastodon" }).click();
      await page.fill("input[name=server]", "https://m.example");
      await page.fill("input[name=token]", "bad");
      await page.getByRole("button", { name: "Проверить" }).click();
      await page.getByText("Сервер не принял токен").waitFor();
      await page.getByRole("button", { name: "Подключить", exact: true }).click();
      await page
        .getByRole("alert")
        .getByText(/скопируйте токен ещё раз/i)
        .waitFor();
      assert.equal(mock.state.accounts.length, 0, "what the network does not know is not stored");
      await page.fill("input[name=token]", "good");
      await page.getByRole("button", { name: "Проверить" }).click();
      await page.getByText("Сеть узнала аккаунт: @molva_help").waitFor();
      await page.getByLabel(/Мой личный/).check();
      assert.equal(await page.getByRole("button", { name: "Подключить", exact: true }).isDisabled(), true);
      await page.getByLabel(/Даю согласие/).check();
      await page.getByRole("button", { name: "Подключить", exact: true }).click();
      await page.getByText("@molva_help: подключён").waitFor();
      assert.equal(mock.state.accounts[0].holder.kind, "employee");
      await page.locator("article", { hasText: "Личный: Мария Ли" }).waitFor();
    }));

  it("are connected by consent on the network's page, and connected again by one press", () =>
    on({}, async ({ base, page, context, mock }) => {
      await page.goto(`${base}/settings/accounts/add?connector=mastodon`);
      const go = page.getByRole("button", { name: "Подключить по согласию: Mastodon" });
      await go.waitFor();
      assert.equal(await go.isDisabled(), true, "the server's address is missing");
      await page.getByText("Осталось заполнить: Сервер", { exact: true }).waitFor();
      await page.fill("input[name=server]", "https://m.example");
      await go.click();
      await page.waitForURL(/accounts\?connected=/);
      await page.getByText("@molva_help: подключён").waitFor();
      await page.getByText("по согласию, продлевается сам").waitFor();
      const [asked] = mock.state.consent.asked;
      assert.deepEqual(asked.account.settings, { server: "https://m.example" });
      await clean(context, page, "an account by consent");

      const problem = { code: "renewal_lost", message: "ответ потерялся", advice: "подключите заново" };
      Object.assign(mock.state.accounts[0], { state: "expired", problem });
      await page.goto(`${base}/settings/accounts`);
      await page.waitForSelector("[data-health=expired]");
      await clean(context, page, "an account whose access has ended");
      await page.getByRole("button", { name: "Подключить заново" }).click();
      await page.waitForURL(/accounts\?connected=/);
      await page.waitForSelector("[data-health=connected]");
      assert.deepEqual(mock.state.consent.asked[1], { account_id: mock.state.accounts[0].id });
    }));

  it("of a network that wants Molva registered by hand need its client id first", () =>
    on({}, async ({ base, page, context, mock }) => {
      await page.goto(`${base}/settings/accounts/add?connector=vk`);
      await page.getByRole("link", { name: "Зарегистрировать Молву в сети ВКонтакте" }).click();
      const client = page.locator("[data-client=vk]");
      await page.getByText("https://molva.example/api/oauth/callback").waitFor();
      await clean(context, page, "the networks' clients");
      await client.getByLabel("Идентификатор клиента").fill("51000001");
      await client.getByRole("button", { name: "Сохранить" }).click();
      await page.getByText("ВКонтакте: сохранено").waitFor();
      const [kept] = mock.state.registered;
      assert.deepEqual([kept.connector, kept.server, kept.client_id, kept.secret_set], ["vk", "", "51000001", false]);
      await page.goto(`${base}/settings/accounts/add?connector=vk`);
      await page.getByRole("button", { name: "Подключить по согласию: ВКонтакте" }).click();
      await page.waitForURL(/accounts\?connected=/);
    }));

  it("are switched to two persons and back, get new keys, and are disconnected after a question", () =>
    on({}, async ({ base, page, mock }) => {
      mock.state.accounts.push(makeAccount("mastodon", "Поддержка", { state: "expired" }));
      const [account] = mock.state.accounts;
      await page.goto(`${base}/settings/accounts`);
      await page.getByRole("switch").focus();
      await page.keyboard.press("Space");
      await page.getByText("Поддержка: теперь нужно согласие второго человека").waitFor();
      assert.equal(account.needs_approval, true);
      await page.keyboard.press("u");
      await until(page, () => !account.needs_approval, "it is switched back");
      await page.getByRole("button", { name: "Ввести новые ключи" }).click();
      await page.getByRole("dialog").locator("input[name=token]").fill("new");
      await page.keyboard.press("Enter");
      await page.waitForSelector("[data-health=connected]");
      await page.getByRole("button", { name: "Отключить" }).click();
      await page
        .getByRole("dialog")
        .getByText(/Ключи будут стёрты сразу/)
        .waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Отключить" }).click();
      await page.waitForSelector("[data-health=disconnected]");
      assert.deepEqual(account.secret_keys, []);
    }));
});
