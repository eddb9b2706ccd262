// The outbox against the mock server: `npm run build && npm run e2e`.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LOOKS } from "./browser.mjs";
import { clean, until } from "./flow.mjs";
import { on } from "./mock/on.mjs";
import { makeAccount } from "./mock/reply-routes.mjs";
import { without } from "./offered.mjs";

const skip = without("createReply", "listReplies", "listAccounts");

describe("the outbox", { skip }, () => {
  const fill = (mock) => {
    const account = makeAccount("mastodon", "Поддержка", { needs_approval: true });
    mock.state.accounts.push(account);
    const put = (text, state, more) => mock.state.putReply(mock.state.mentions[0], account, text, { state, ...more });
    put("Первый", "awaiting_approval");
    put("Второй", "awaiting_approval");
    put("Третий", "awaiting_approval");
    put("Отвергнутый", "refused", { problem: { code: "x", message: "ветка закрыта", advice: "" } });
  };

  for (const [locale, scheme, size] of LOOKS) {
    it(`is clean for axe, empty and full (${locale}, ${scheme}, ${size.width} px)`, () =>
      on({ locale, scheme, size }, async ({ base, page, context, mock }) => {
        await page.goto(`${base}/outbox`);
        await page.waitForSelector("main h2");
        await clean(context, page, "the empty outbox");
        fill(mock);
        await page.reload();
        await page.waitForSelector("[data-reply]");
        await clean(context, page, "the outbox");
        await page.keyboard.press("a");
        await clean(context, page, "the outbox while it asks");
      }));
  }

  it("is worked by keyboard: approved, cancelled, sent again, each after a second press", () =>
    on({}, async ({ base, page, mock }) => {
      fill(mock);
      await page.goto(`${base}/outbox`);
      await page.waitForSelector("[data-reply]");
      const said = () => page.locator("[data-reply]").allTextContents();
      const state = (text) => mock.state.replies.find((reply) => reply.text === text).state;
      await page.keyboard.press("a");
      await page.getByRole("button", { name: /Точно отправить/ }).waitFor();
      assert.equal(state("Третий"), "awaiting_approval", "one press only asks");
      await page.keyboard.press("j");
      await page.keyboard.press("a");
      assert.equal(state("Второй"), "awaiting_approval", "moving on takes the question back");
      await page.keyboard.press("a");
      await until(page, () => state("Второй") === "sent", "the second is approved and sent");
      await until(page, async () => (await said()).length === 2, "it has left the shelf");
      await page.keyboard.press("c");
      await page.keyboard.press("c");
      await until(page, () => state("Первый") === "cancelled", "the next in its place is cancelled");
      assert.equal(state("Третий"), "awaiting_approval");
      await page.getByRole("button", { name: /Не приняты · 1/ }).click();
      await page.waitForURL(/shelf=refused/);
      await page.getByText("Ветка закрыта").waitFor();
      await page.keyboard.press("w");
      await page.keyboard.press("w");
      await until(page, () => state("Отвергнутый") === "sent", "it is sent again");
      await page.getByText("Сети ничего не отклонили").waitFor();
      await page.keyboard.press("g");
      await page.keyboard.press("a");
      await page.waitForURL(/\/outbox$/);
    }));

  it("is told of in the rail, and leads to the mention", () =>
    on({}, async ({ base, page, mock }) => {
      fill(mock);
      await page.goto(`${base}/outbox`);
      await page.getByRole("navigation").getByText("3 ответа ждут человека").waitFor({ state: "attached" });
      await page.getByRole("link", { name: "Открыть упоминание" }).first().click();
      await page.waitForSelector("#mention-detail [data-reply]");
    }));
});
