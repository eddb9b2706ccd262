// The browser of the tests: Chromium of the system, quiet and alone.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const SIZES = {
  wide: { width: 1440, height: 900 },
  middle: { width: 1024, height: 768 },
  narrow: { width: 390, height: 844 },
};

/** In which language, scheme and size a page with much on it is looked at. */
export const LOOKS = [
  ["ru", "light", SIZES.wide],
  ["uk", "dark", SIZES.middle],
  ["en", "light", SIZES.narrow],
  ["ru", "dark", SIZES.narrow],
];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}

/** What each page is waiting for from its server, the open stream of events aside. */
const asked = new WeakMap();

/** A page in one language, scheme and size; whatever it complains about is gathered in `complaints`. */
export async function openPage(browser, { locale = "ru", scheme = "light", size = SIZES.wide } = {}) {
  const context = await browser.newContext({
    viewport: size,
    locale,
    colorScheme: scheme,
    reducedMotion: "reduce",
    bypassCSP: false,
  });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    const text = message.text();
    if (
      message.type() === "error" &&
      !/status of (401|403|404|409|422)|ERR_EMPTY_RESPONSE|ERR_CONNECTION|net::ERR/.test(text)
    )
      complaints.push(text);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    const host = new URL(request.url()).hostname;
    if (!["127.0.0.1", "localhost"].includes(host) && !request.url().startsWith("data:"))
      complaints.push(`asked another host: ${request.url()}`);
  });
  const open = new Set();
  asked.set(page, open);
  page.on("request", (request) => new URL(request.url()).pathname !== "/api/events" && open.add(request));
  page.on("requestfinished", (request) => open.delete(request));
  page.on("requestfailed", (request) => open.delete(request));
  page.setDefaultTimeout(60_000);
  return { context, page, complaints };
}

/** Waits until nothing is asked for, counted or moving any more, a sixth of a second long. */
export async function settled(page) {
  const open = asked.get(page);
  for (let still = 0, turn = 0; still < 4; turn += 1) {
    if (turn > 250) throw new Error(`the page does not come to rest: ${[...open].map((one) => one.url()).join(" ")}`);
    await page.waitForTimeout(40);
    const moves = await page.evaluate(
      () => document.querySelector('[aria-busy="true"]') !== null || document.getAnimations().length > 0,
    );
    still = moves || open.size > 0 ? 0 : still + 1;
  }
}

/** Violations that axe finds, as readable lines; empty when the page is clean. */
export async function violations(context, page) {
  // The policy of the page forbids added scripts, so axe is evaluated by the browser's own means.
  const session = await context.newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe });
  const { result } = await session.send("Runtime.evaluate", {
    expression:
      "axe.run(document, { resultTypes: ['violations'] }).then((r) => JSON.stringify(r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? n.all[0]?.message ?? '')).slice(0, 5).join(' | '))))",
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return JSON.parse(result.value);
}
