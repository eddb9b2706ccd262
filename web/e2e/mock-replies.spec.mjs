// The reply box against the mock server: `npm run build && npm run e2e`.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LOOKS } from "./browser.mjs";
import { clean, openId, until } from "./flow.mjs";
import { on } from "./mock/on.mjs";
import { makeAccount } from "./mock/reply-routes.mjs";
import { without } from "./offered.mjs";
import { BOX, mentionOf, openBox, stateOf } from "./reply-box.mjs";

const skip = without("createReply", "listReplies", "listAccounts");

describe("the reply box", { skip }, () => {
  for (const [locale, scheme, size] of LOOKS) {
    it(`is clean for axe, with its preview and its replies (${locale}, ${scheme}, ${size.width} px)`, () =>
      on({ locale, scheme, size }, async ({ base, page, context, mock }) => {
        const account = makeAccount("mastodon", "Поддержка");
        mock.state.accounts.push(account, makeAccount("mastodon", "Другой сервер", { not: mock.state.otherServer() }));
        const mention = mentionOf(mock, "mastodon");
        const at = new Date().toISOString();
        const put = (state, more) => mock.state.putReply(mention, account, "Ответ @a@b.example", { state, ...more });
        put("sent", { sent_at: at, url: "https://example.org/1" });
        put("refused", { problem: { code: "x", message: "автор закрыл комментарии", advice: "напишите ему" } });
        put("retrying", { next_attempt_at: at });
        put("unsure", { next_attempt_at: at, visibility: "private" });
        put("cancelled");
        put("awaiting_approval");
        await openBox(page, base, mock);
        await page.keyboard.type("@olena@m.example, смотрите https://example.org/a #связь");
        await page.locator("[data-testid=reply] ul li").nth(5).waitFor();
        await clean(context, page, "the reply box");
        await page.keyboard.type("x".repeat(600));
        await page.waitForSelector(`${BOX}[aria-invalid=true]`);
        await clean(context, page, "a reply that is too long");
      }));
  }

  it("is worked by keyboard: written, sent, gone out, with its link", () =>
    on({}, async ({ base, page, mock }) => {
      mock.state.network.undo_seconds = 2;
      await openBox(page, base, mock);
      await page.keyboard.type("Здравствуйте! Проверьте, пожалуйста, ещё раз.");
      assert.match(await page.locator("[data-testid=reply] form").textContent(), /Ещё 455 знаков45 из 500/);
      await page.keyboard.press("Control+Enter");
      await page.getByText("Ответ уйдёт через 2 секунды").waitFor();
      await until(page, async () => (await stateOf(page)) === "waiting", "it waits");
      await page.getByText(/Уйдёт через \d секунд/).waitFor();
      await until(page, async () => (await stateOf(page)) === "sent", "it is sent");
      const link = page.locator("[data-testid=reply] ul a");
      assert.match(await link.getAttribute("href"), /^https:\/\/example\.org\/@molva_help\//);
      assert.deepEqual(mock.state.network.posted, ["Здравствуйте! Проверьте, пожалуйста, ещё раз."]);
      await page.getByRole("button", { name: /^Ответить/ }).waitFor();
    }));

  it("takes a reply back while it can, and its words are a draft again", () =>
    on({}, async ({ base, page, mock }) => {
      await openBox(page, base, mock);
      await page.keyboard.type("Не то");
      await page.keyboard.press("Control+Enter");
      await page.getByText("Ответ уйдёт через 10 секунд").waitFor();
      await page.waitForSelector(BOX, { state: "detached" });
      await page.keyboard.press("u");
      await page.getByText("Ответ не отправлен").waitFor();
      assert.equal(await page.inputValue(BOX), "Не то");
      assert.equal(mock.state.replies[0].state, "cancelled");
      assert.deepEqual(mock.state.network.posted, []);
    }));

  it("keeps the draft when it is left and over a reload, and gives it up on purpose only", () =>
    on({}, async ({ base, page, mock }) => {
      const mention = await openBox(page, base, mock);
      await page.keyboard.type("Начало");
      await page.keyboard.press("Escape");
      await page.waitForSelector(BOX, { state: "detached" });
      assert.equal(openId(page), mention.id, "the mention stays open");
      await page.getByText("Черновик: Начало").waitFor();
      await page.reload();
      await page.getByText("Черновик: Начало").waitFor();
      await page.keyboard.press("r");
      await page.waitForSelector(BOX);
      assert.equal(await page.inputValue(BOX), "Начало");
      await page.keyboard.type(" конец");
      assert.equal(await page.inputValue(BOX), "Начало конец");
      await page.getByRole("button", { name: "Удалить черновик" }).click();
      await page.getByText("Черновик удалён").waitFor();
      await page.keyboard.press("u");
      await page.getByText("Черновик: Начало конец").waitFor();
    }));

  it("follows its draft into another tab, where it cannot be sent a second time", () =>
    on({}, async ({ base, page, context, mock }) => {
      const mention = await openBox(page, base, mock);
      const other = await context.newPage();
      await other.goto(`${base}/stream?mention=${mention.id}`);
      await other.locator("[data-testid=reply] button").first().waitFor();
      await other.keyboard.press("r");
      await other.waitForSelector(BOX);
      const holds = (text) =>
        other.waitForFunction(([box, one]) => document.querySelector(box)?.value === one, [BOX, text]);
      await page.bringToFront();
      await page.locator(BOX).fill("Один раз");
      await holds("Один раз");
      await page.locator(BOX).press("Control+Enter");
      await page.waitForSelector(BOX, { state: "detached" });
      await holds("");
      assert.equal(mock.state.replies.length, 1);
    }));

  it("sends the same reply again after a lost answer, not a second one", () =>
    on({}, async ({ base, page, mock }) => {
      mock.state.network.lost_answers = 1;
      await openBox(page, base, mock);
      await page.keyboard.type("Один раз");
      await page.keyboard.press("Control+Enter");
      await page.locator("[data-testid=reply] [role=alert]").waitFor();
      assert.equal(await page.inputValue(BOX), "Один раз", "the words are kept");
      await page.keyboard.press("Control+Enter");
      await page.getByText(/Ответ уйдёт через/).waitFor();
      assert.equal(mock.state.replies.length, 1);
    }));

  it("counts as the network does and does not send what is too long", () =>
    on({}, async ({ base, page, mock }) => {
      await openBox(page, base, mock);
      await page.keyboard.insertText(`${"а".repeat(480)} https://example.org/${"a".repeat(300)}`);
      await page.getByText("Лишних 4 знака").waitFor();
      await page.getByText(/ссылка считается за 23/).waitFor();
      await page.keyboard.press("Control+Enter");
      assert.equal(mock.state.replies.length, 0);
      assert.equal(await page.getByRole("button", { name: "Отправить", exact: true }).isDisabled(), true);
    }));

  it("sends later, on the clocks of the workspace", () =>
    on({}, async ({ base, page, mock }) => {
      await openBox(page, base, mock);
      await page.keyboard.type("С добрым утром");
      await page.getByRole("button", { name: "Отправить позже" }).click();
      const field = page.getByLabel("Когда, по времени Europe/Moscow");
      assert.match(await field.inputValue(), /T09:00$/);
      await field.fill("2020-01-01T10:00");
      await page.getByText("Это время уже прошло.").waitFor();
      assert.equal(await page.getByRole("button", { name: /^Отправить в это время/ }).isDisabled(), true);
      await field.fill("2031-03-01T09:30");
      await page.getByRole("button", { name: /^Отправить в это время/ }).click();
      await page.getByText(/Ответ уйдёт 1 мар\. 2031/).waitFor();
      assert.equal(mock.state.replies[0].send_after, "2031-03-01T06:30:00.000Z");
    }));

  it("asks who will see it where the network has both, and from whom where there are several", () =>
    on({}, async ({ base, page, mock }) => {
      const me = { id: "1", name: "Мария Ли" };
      mock.state.accounts.push(
        makeAccount("mastodon", "Поддержка"),
        makeAccount("mastodon", "Мария", {
          holder: { kind: "employee", user: me, consent_at: new Date().toISOString() },
        }),
      );
      await openBox(page, base, mock);
      await page.keyboard.type("Лично");
      await page.getByLabel("От кого").selectOption({ label: "Мария (@molva_help) · личный, Мария Ли" });
      await page.getByRole("button", { name: "Только автор" }).click();
      await page.locator(BOX).press("Control+Enter");
      await until(page, () => mock.state.replies.length === 1, "it is sent off");
      const [reply] = mock.state.replies;
      assert.equal(reply.visibility, "private");
      assert.equal(reply.account_id, mock.state.accounts[1].id);
    }));

  it("greets whom it answers, and a greeting alone is no draft", () =>
    on({}, async ({ base, page, mock }) => {
      mock.state.network.greets = true;
      const mention = await openBox(page, base, mock);
      const greeting = `@${mention.post.author.handle}@m.example `;
      assert.equal(await page.inputValue(BOX), greeting);
      assert.equal(await page.getByRole("button", { name: "Отправить", exact: true }).isDisabled(), true);
      await page.keyboard.press("Escape");
      await page.waitForSelector(BOX, { state: "detached" });
      assert.equal(await page.getByText(/Черновик/).count(), 0);
      await page.keyboard.press("r");
      await page.waitForSelector(BOX);
      await page.keyboard.type("спасибо");
      assert.equal(await page.inputValue(BOX), `${greeting}спасибо`);
      await page.fill(BOX, "спасибо");
      await page.getByText(/В начало добавится @/).waitFor();
      const { handle } = mention.post.author;
      await page.getByText(`${handle.length + 9} из 500`).waitFor();
    }));

  it("says why a mention cannot be answered, and opens the original", () =>
    on({}, async ({ base, page, context, mock }) => {
      const feed = mentionOf(mock, "feed");
      await page.goto(`${base}/stream?mention=${feed.id}`);
      const cannot = page.getByTestId("cannot-reply");
      await cannot.getByText("Ленту можно только читать").waitFor();
      assert.equal(await cannot.getByRole("link").getAttribute("href"), feed.post.url);
      await clean(context, page, "a mention that cannot be answered");
      await page.goto(`${base}/stream?mention=${mentionOf(mock, "mastodon").id}`);
      await cannot.getByText("Чтобы отвечать в Mastodon прямо отсюда").waitFor();
      await clean(context, page, "a mention whose network has no account");
      await cannot.getByRole("link", { name: "Подключить аккаунт" }).click();
      await page.waitForURL(/accounts\/add\?connector=mastodon/);
      await page.getByRole("heading", { name: "Mastodon" }).waitFor();
    }));

  it("lets a reply be changed or cancelled until it goes, asking first", () =>
    on({}, async ({ base, page, mock }) => {
      mock.state.network.undo_seconds = 60;
      await openBox(page, base, mock);
      await page.keyboard.type("Опечатко");
      await page.keyboard.press("Control+Enter");
      await page.getByRole("button", { name: "Изменить" }).click();
      const field = page.locator("[data-reply] textarea");
      await field.fill("Опечатка");
      await field.press("Control+Enter");
      await page.locator("[data-reply] p", { hasText: /^Опечатка$/ }).waitFor();
      assert.equal(mock.state.replies[0].text, "Опечатка");
      await page.getByRole("button", { name: "Отменить" }).click();
      assert.equal(mock.state.replies[0].state, "waiting", "one press only asks");
      await page.getByRole("button", { name: "Точно отменить" }).click();
      await until(page, async () => (await stateOf(page)) === "cancelled", "it is cancelled");
    }));

  it("lets the time of a reply be moved until it goes", () =>
    on({}, async ({ base, page, mock }) => {
      mock.state.network.undo_seconds = 60;
      await openBox(page, base, mock);
      await page.keyboard.type("Утром");
      await page.keyboard.press("Control+Enter");
      await page.getByRole("button", { name: "Изменить" }).click();
      await page.locator("[data-reply]").getByRole("button", { name: "Отправить позже" }).click();
      await page.locator("[data-reply] input[type=datetime-local]").fill("2031-03-01T09:30");
      await page.locator("[data-reply]").getByRole("button", { name: "Сохранить" }).click();
      await page
        .locator("[data-reply]")
        .getByText(/Уйдёт 1 мар/)
        .waitFor();
      assert.equal(mock.state.replies[0].send_after, "2031-03-01T06:30:00.000Z");
    }));

  it("lets what was refused be put aside, asking first", () =>
    on({}, async ({ base, page, mock }) => {
      mock.state.network.undo_seconds = 1;
      mock.state.network.says = "refused";
      await openBox(page, base, mock);
      await page.keyboard.type("Незачем");
      await page.keyboard.press("Control+Enter");
      await page.getByText("Автор закрыл комментарии").waitFor();
      await page.getByRole("button", { name: "Убрать", exact: true }).click();
      await page.getByRole("button", { name: "Точно убрать" }).click();
      await until(page, async () => (await stateOf(page)) === "cancelled", "it is put aside");
    }));

  it("shows what the network refused, and sends it again", () =>
    on({}, async ({ base, page, mock }) => {
      mock.state.network.undo_seconds = 1;
      mock.state.network.says = "refused";
      await openBox(page, base, mock);
      await page.keyboard.type("Ещё раз");
      await page.keyboard.press("Control+Enter");
      await page.getByText("Автор закрыл комментарии").waitFor();
      await page.getByText("Напишите автору в личные сообщения").waitFor();
      mock.state.network.says = "sent";
      await page.getByRole("button", { name: "Отправить ещё раз" }).click();
      await page.getByRole("button", { name: "Точно отправить ещё раз" }).click();
      await until(page, async () => (await stateOf(page)) === "sent", "it is sent");
    }));

  it("hands a reply over for approval where the account asks for it", () =>
    on({}, async ({ base, page, mock }) => {
      await openBox(page, base, mock, { needs_approval: true });
      await page.keyboard.type("На согласование");
      await page.getByText("Уйдёт, когда с ним согласится другой человек.").waitFor();
      await page.keyboard.press("Control+Enter");
      await page.getByText("Ответ ждёт согласия другого человека").waitFor();
      assert.equal(await stateOf(page), "awaiting_approval");
      assert.equal(await page.getByRole("button", { name: /Согласиться/ }).count(), 0, "not by its writer");
    }));
});
