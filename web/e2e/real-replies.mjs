// Accounts and replies through the real Molva on a Mastodon server.
import assert from "node:assert/strict";
import { it } from "node:test";
import { clean, until } from "./flow.mjs";
import { without } from "./offered.mjs";
import { base, brand, mastodon, session } from "./real-molva.mjs";

const withoutReplies =
  without("createReply", "listReplies", "listAccounts") ||
  (!mastodon && "MOLVA_TEST_MASTODON is not set; `scripts/test.sh e2e` starts the server");

/** Tests of a person that is signed in. */
export function replying() {
  it("connects an account by consent on a real server's page", { skip: withoutReplies }, async () => {
    const { page, context } = session;
    await page.goto(`${base}/settings/accounts/add?connector=mastodon`);
    await page.fill("input[name=instance]", mastodon);
    const agree = page.getByRole("button", { name: "Подключить по согласию: Mastodon" });
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
}
