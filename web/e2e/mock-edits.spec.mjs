// Edited posts and conversations against the mock server: `npm run build && npm run e2e`.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SIZES } from "./browser.mjs";
import { clean } from "./flow.mjs";
import { on } from "./mock/on.mjs";
import { makeAccount } from "./mock/reply-routes.mjs";
import { without } from "./offered.mjs";
import { mentionOf } from "./reply-box.mjs";

const skip = without("listVersions", "getThread");
const at = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

/** A post that was edited twice, with what it said. */
function edit(mock) {
  const mention = mentionOf(mock, "mastodon");
  mention.edits = 2;
  mention.post.text = "Связь есть, спасибо поддержке";
  const version = (number, text, said, replaced) => ({
    version: number,
    title: null,
    text,
    language: "ru",
    said_at: at(said),
    replaced_at: at(replaced),
  });
  mock.state.versions = {
    [mention.id]: [version(1, "Связи нет", 60, 40), version(2, "Связи нет, поддержка молчит", 40, 5)],
  };
  return mention;
}

describe("what changes and what is answered", { skip }, () => {
  for (const [locale, scheme, size] of [
    ["ru", "light", SIZES.wide],
    ["uk", "dark", SIZES.narrow],
    ["en", "light", SIZES.middle],
  ]) {
    it(`shows what a post said before and the conversation, clean for axe (${locale}, ${scheme}, ${size.width} px)`, () =>
      on({ locale, scheme, size }, async ({ base, page, context, mock }) => {
        const mention = edit(mock);
        const account = makeAccount("mastodon", "Поддержка");
        mock.state.accounts.push(account);
        const reply = mock.state.putReply(mention, account, "Чиним", { state: "sent", sent_at: at(30) });
        const answer = mock.state.mentions.find((one) => one.id !== mention.id && one.post.network === "mastodon");
        answer.answers = reply.id;
        await page.goto(`${base}/stream?mention=${mention.id}`);
        const versions = page.getByTestId("versions");
        await versions.locator("button").click();
        await versions.locator("ol li").nth(1).waitFor();
        assert.match(await versions.locator("li").nth(0).locator("ins").first().textContent(), /поддержка молчит/);
        const thread = page.getByTestId("thread");
        await thread.locator("li").nth(2).waitFor();
        assert.equal(await thread.locator("li[data-ours]").count(), 1);
        await clean(context, page, "earlier versions and a conversation");
        await thread.getByRole("link").click();
        await page.waitForURL(new RegExp(`mention=${answer.id}`));
      }));
  }

  it("says nothing of a post that stayed as it was", () =>
    on({}, async ({ base, page, mock }) => {
      const mention = mentionOf(mock, "mastodon");
      await page.goto(`${base}/stream?mention=${mention.id}`);
      await page.getByTestId("reply").waitFor();
      assert.equal(await page.getByTestId("versions").count(), 0);
      assert.equal(await page.getByTestId("thread").count(), 0);
    }));
});
