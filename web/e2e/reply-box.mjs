// The reply box, as a person opens it.
import { until } from "./flow.mjs";
import { makeAccount } from "./mock/reply-routes.mjs";

export const BOX = "[data-testid=reply] form textarea";

export const mentionOf = (mock, network) =>
  mock.state.mentions.find((one) => one.post.network === network && one.post.url);
export const stateOf = (page) => page.locator("[data-testid=reply] [data-state]").last().getAttribute("data-state");

/** A mention that can be answered from a Mastodon account, with its box open. */
export async function openBox(page, base, mock, account = {}) {
  if (mock.state.accounts.length === 0) mock.state.accounts.push(makeAccount("mastodon", "Поддержка", account));
  const mention = mentionOf(mock, "mastodon");
  await page.goto(`${base}/stream?mention=${mention.id}`);
  await page.locator("[data-testid=reply] button").first().waitFor();
  await page.keyboard.press("r");
  await page.waitForSelector(BOX);
  await until(page, () => page.evaluate((box) => document.activeElement === document.querySelector(box), BOX), "focus");
  return mention;
}
