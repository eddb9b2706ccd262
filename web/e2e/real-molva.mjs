// The real Molva as its browser test finds it: where it is, one person's page for the whole of it, and posts that are pushed.
import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { after, before } from "node:test";
import { launch, openPage } from "./browser.mjs";

export const { MOLVA_URL: base, MOLVA_SETUP_URL: link, MOLVA_TEST_MASTODON: mastodon } = process.env;
export const brand = process.env.MOLVA_BRAND ?? "Звенора";

assert.ok(base && link, "set MOLVA_URL and MOLVA_SETUP_URL; the head of real.spec.mjs says more");

/** `context`, `page` and `complaints`, once the tests run. */
export const session = {};
let browser;
before(async () => {
  browser = await launch();
  Object.assign(session, await openPage(browser, { locale: "ru" }));
  session.page.setDefaultTimeout(60_000);
});
after(() => browser.close());

/** Signs and sends posts as Standard Webhooks asks. */
export async function push(target, posts) {
  const body = JSON.stringify(posts);
  const id = `msg_${randomUUID()}`;
  const time = Math.floor(Date.now() / 1000);
  const key = Buffer.from(target.secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${time}.${body}`).digest("base64");
  const response = await fetch(target.address, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(time),
      "webhook-signature": `v1,${signature}`,
    },
    body,
  });
  assert.equal(response.status, 202, await response.clone().text());
  return response.json();
}

let target;
export async function pushSource(page) {
  const { MOLVA_PUSH_URL: address, MOLVA_PUSH_SECRET: secret } = process.env;
  target ??= address && secret ? { address, secret } : await newPushSource(page);
  return target;
}

async function newPushSource(page) {
  const made = await page.evaluate(async () => {
    const response = await fetch("/api/sources", {
      method: "POST",
      headers: { "content-type": "application/json", "x-molva-csrf": "1" },
      body: JSON.stringify({ connector: "push", name: "browser test", settings: {}, secrets: {} }),
    });
    return response.json();
  });
  return { address: `${base}/api/push/${made.id}`, secret: made.push_secret };
}

export const post = (text) => ({
  id: randomUUID(),
  text,
  url: "https://example.org/post/1",
  published_at: new Date().toISOString(),
  author: { name: "Олена", handle: "olena" },
});
