// Files that go with replies, against the mock server: `npm run build && npm run e2e`.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SIZES } from "./browser.mjs";
import { clean, until } from "./flow.mjs";
import { on } from "./mock/on.mjs";
import { without } from "./offered.mjs";
import { openBox, stateOf } from "./reply-box.mjs";

const skip = without("createReply", "createAttachment");
/** One red pixel. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);
const png = (name, buffer = PNG) => ({ name, mimeType: "image/png", buffer });
const choose = (page, files) => page.locator("[data-testid=reply] form input[type=file]").setInputFiles(files);
const send = (page) => page.locator("[data-testid=reply] form button[type=submit]");

describe("files that go with a reply", { skip }, () => {
  for (const [locale, scheme, size] of [
    ["ru", "light", SIZES.wide],
    ["uk", "dark", SIZES.narrow],
    ["en", "light", SIZES.middle],
  ]) {
    it(`are seen, described and clean for axe (${locale}, ${scheme}, ${size.width} px)`, () =>
      on({ locale, scheme, size }, async ({ base, page, context, mock }) => {
        await openBox(page, base, mock);
        await page.keyboard.type("x");
        await choose(page, [
          png("схема.png"),
          { name: "чек.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7") },
        ]);
        await page.locator("[data-testid=reply] form li").nth(1).waitFor();
        await page.locator("[data-testid=reply] form [role=alert]").waitFor();
        await clean(context, page, "files, one of which is not taken");
        assert.ok(await send(page).isDisabled(), "what the network refuses is not sent");
      }));
  }

  it("go out with it, with what they show, and stay seen", () =>
    on({}, async ({ base, page, mock }) => {
      mock.state.network.undo_seconds = 1;
      await openBox(page, base, mock);
      await page.keyboard.type("Вот схема");
      await choose(page, png("схема.png"));
      await page.getByLabel("Что видно на схема.png").fill("Карта покрытия");
      assert.match(await page.locator("[data-testid=reply] form").textContent(), /9 из 400/);
      await send(page).click();
      await until(page, async () => (await stateOf(page)) === "sent", "it is sent");
      const [reply] = mock.state.replies;
      assert.deepEqual(
        reply.attachments.map(({ name, alt, size }) => [name, alt, size]),
        [["схема.png", "Карта покрытия", PNG.length]],
      );
      const shown = page.locator("[data-reply] img");
      await shown.waitFor();
      assert.equal(await shown.getAttribute("alt"), "Карта покрытия");
      assert.ok(await shown.evaluate((image) => image.naturalWidth > 0), "the picture is there");
    }));

  it("outlive a reload, and are taken away", () =>
    on({}, async ({ base, page, mock }) => {
      const mention = await openBox(page, base, mock);
      await page.keyboard.type("Черновик");
      await choose(page, png("один.png"));
      await page.getByText("один.png").waitFor();
      await page.goto(`${base}/stream?mention=${mention.id}`);
      await page.getByRole("button", { name: /черновик/i }).click();
      await page.getByText("один.png").waitFor();
      await page.getByRole("button", { name: "Убрать один.png" }).click();
      await until(page, () => mock.state.attachments.size === 0, "the server forgets it");
      assert.ok(await send(page).isEnabled());
    }));

  it("are told why they cannot go: what they are, how large, how many", () =>
    on({}, async ({ base, page, mock }) => {
      await openBox(page, base, mock);
      await page.keyboard.type("x");
      await choose(page, { name: "a.svg", mimeType: "image/svg+xml", buffer: Buffer.from("<svg/>") });
      await page.getByText(/^Файл a\.svg не приложен: the file is none of JPEG/).waitFor();
      await choose(page, png("большой.png", Buffer.concat([PNG, Buffer.alloc(2_000)])));
      await page.getByText(/большой\.png больше, чем принимает эта сеть/).waitFor();
      assert.equal(mock.state.attachments.size, 0, "it is not even sent here");
      await choose(page, [png("1.png"), png("2.png")]);
      await page.getByText("2.png").waitFor();
      await choose(page, png("3.png"));
      await page.getByText("Здесь с ответом уходит не больше 2 файлов").waitFor();
      assert.ok(await send(page).isDisabled());
    }));

  it("are pasted", () =>
    on({}, async ({ base, page, mock }) => {
      await openBox(page, base, mock);
      await page.evaluate(
        ([selector, bytes]) => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(bytes)], "снимок.png", { type: "image/png" }));
          const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          document.querySelector(selector).dispatchEvent(event);
        },
        ["[data-testid=reply] form textarea", [...PNG]],
      );
      await page.getByText("снимок.png").waitFor();
      assert.equal(mock.state.attachments.size, 1);
    }));
});
