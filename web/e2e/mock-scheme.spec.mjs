// Light and dark, against the mock server: no page may stand in both at once, or be seen in the wrong one.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { on } from "./mock/on.mjs";

const SCHEME = "data-mantine-color-scheme";

/** Notes every scheme that the page is set to, from before its first script on. */
function watchScheme(page) {
  return page.addInitScript((name) => {
    window.schemes = [];
    const look = () => window.schemes.push(document.documentElement.getAttribute(name));
    // The root is not there yet.
    new MutationObserver(look).observe(document, { subtree: true, attributeFilter: [name] });
  }, SCHEME);
}

/** Notes at every frame how many elements are on their way from one value to another. */
function watchTransitions(page) {
  return page.evaluate(() => {
    window.moving = [];
    const look = () => {
      window.moving.push(document.getAnimations().filter((one) => one instanceof CSSTransition).length);
      requestAnimationFrame(look);
    };
    look();
  });
}

describe("the scheme", () => {
  for (const scheme of ["light", "dark"]) {
    it(`is ${scheme} from the first moment on and stays so`, () =>
      on({ scheme }, async ({ base, page }) => {
        await watchScheme(page);
        await page.goto(`${base}/stream`);
        await page.waitForSelector("li[data-id]");
        const seen = await page.evaluate(() => window.schemes);
        assert.ok(seen.length > 0 && seen.every((one) => one === scheme), `the page was ${seen.join(", then ")}`);
      }));
  }

  it("and the density are there before anything is shown", () =>
    on({ scheme: "dark" }, async ({ base, page }) => {
      await page.addInitScript(() => localStorage.setItem("molva.density", "compact"));
      // Without the page's own script nothing but the first one can have set it.
      await page.route("**/assets/*.js", (route) => route.abort());
      await page.goto(`${base}/stream`);
      const { mantineColorScheme, density } = await page.evaluate(() => ({ ...document.documentElement.dataset }));
      assert.deepEqual([mantineColorScheme, density], ["dark", "compact"]);
    }));

  it("changes all at once where less motion is wanted", () =>
    on({ scheme: "dark" }, async ({ base, page, context }) => {
      const session = await context.newCDPSession(page);
      await page.goto(`${base}/stream`);
      await page.waitForSelector("li[data-id]");
      // As on a busy machine, where what goes level by level takes seconds.
      await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
      await watchTransitions(page);
      await page.emulateMedia({ colorScheme: "light" });
      await page.waitForSelector(`html[${SCHEME}=light]`);
      await page.waitForFunction((frames) => window.moving.length > frames, (await frames(page)) + 3);
      assert.equal(Math.max(...(await page.evaluate(() => window.moving))), 0, "elements that are in transition");
    }));
});

const frames = (page) => page.evaluate(() => window.moving.length);
