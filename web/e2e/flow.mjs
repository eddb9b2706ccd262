// What a person does, step by step, in words that do not depend on the language: the mock and the real Molva run the same.
import assert from "node:assert/strict";
import { violations } from "./browser.mjs";

export const OWNER = { name: "Олена Ткач", login: "olena", password: "a long enough password" };

/** The query where it is written, once the editor has been loaded. */
export const QUERY = '[data-testid="query"]';

export function queryText(page) {
  return page.$$eval(`${QUERY} .cm-line`, (lines) =>
    lines
      .map((line) => {
        const copy = line.cloneNode(true);
        for (const hint of copy.querySelectorAll(".cm-placeholder")) hint.remove();
        return copy.textContent;
      })
      .join("\n"),
  );
}

/** Puts another query in place of what is there, as a paste does. */
export async function writeQuery(page, text) {
  await page.waitForSelector(QUERY);
  await page.locator(QUERY).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
  await until(page, async () => (await queryText(page)) === text, `the query is \`${text}\``);
}

/** axe finds nothing on the page as it stands. */
export async function clean(context, page, where) {
  assert.deepEqual(await violations(context, page), [], `axe on ${where}`);
}

/** From the one-time link to the first stream, by keyboard alone. */
export async function firstRun(context, page, { link, brand, keys = true }) {
  await page.goto(link);
  await page.waitForSelector('input[name="name"]');
  await clean(context, page, "setup");
  await page.keyboard.type(OWNER.name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(OWNER.login);
  await page.keyboard.press("Tab");
  await page.keyboard.type(OWNER.password);
  await page.keyboard.press("Enter");

  await page.waitForSelector('input[name="brand"]');
  await clean(context, page, "the brand's name");
  await page.keyboard.type(brand);
  await page.keyboard.press("Enter");

  await page.waitForSelector(QUERY);
  await page.waitForSelector('[role="switch"]');
  await clean(context, page, "the suggested query");
  const query = await queryText(page);
  assert.ok(query.toLowerCase().includes(brand.toLowerCase().slice(0, 4)), `the query \`${query}\` is about the brand`);
  await pressLast(page, keys);

  await page.waitForSelector('[role="region"]');
  await clean(context, page, "the sample");
  await pressLast(page, keys);

  await page.waitForURL(/\/stream\?topic=/);
}

/** The last button of a step leads on. */
async function pressLast(page, keys) {
  const button = page.locator("main button:not([disabled])").last();
  await button.waitFor();
  if (!keys) return button.click();
  await button.focus();
  await page.keyboard.press("Enter");
}

/** The ids of the rows on the screen, from the top. */
export function shownRows(page) {
  return page.$$eval("li[data-id]", (rows) =>
    rows
      .map((row) => ({ id: row.dataset.id, top: row.getBoundingClientRect().top }))
      .sort((a, b) => a.top - b.top)
      .map(({ id }) => id),
  );
}

export function openId(page) {
  return new URL(page.url()).searchParams.get("mention");
}

/** Moves, decides and takes back by keyboard; the list must not jump. */
export async function workByKeyboard(page) {
  await page.waitForSelector("li[data-id]");
  const before = await shownRows(page);
  await page.keyboard.press("j");
  await until(page, () => openId(page) === before[0], "j opens the first");
  await page.keyboard.press("j");
  await until(page, () => openId(page) === before[1], "j goes on");
  await page.keyboard.press("k");
  await until(page, () => openId(page) === before[0], "k goes back");

  await page.keyboard.press("1");
  await page.waitForSelector(`#mention-detail fieldset button:nth-of-type(1)[aria-pressed="true"]`);
  await page.keyboard.press("u");
  await page.waitForSelector(`#mention-detail fieldset button:nth-of-type(1)[aria-pressed="false"]`);

  await page.keyboard.press("b");
  await page.waitForSelector(`li[data-id="${before[0]}"][data-state="binned"]`);
  await until(page, () => openId(page) === before[1], "deciding leads on");
  assert.deepEqual((await shownRows(page)).slice(0, 3), before.slice(0, 3), "the list did not move");
  await page.keyboard.press("u");
  await page.waitForSelector(`li[data-id="${before[0]}"]:not([data-state="binned"])`);

  await page.keyboard.press("l");
  await page.keyboard.type("e2e");
  await page.keyboard.press("Enter");
  await page.waitForSelector(`li[data-id="${before[1]}"] >> text=e2e`);
  await page.keyboard.press("Escape");

  await page.keyboard.press("x");
  await page.waitForSelector('[role="toolbar"] strong');
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+?");
  await page.waitForSelector('[role="dialog"] dl');
  await page.keyboard.press("Escape");
  await page.waitForSelector('[role="dialog"]', { state: "detached" });
  await page.keyboard.press("Control+k");
  await page.waitForSelector('[role="combobox"]');
  await page.keyboard.press("Escape");
  await page.waitForSelector('[role="combobox"]', { state: "detached" });
}

/** Something new arrives while a row is read: it gathers under the bar, nothing moves, and `.` shows it. */
export async function liveMention(page, arrive) {
  await page.waitForSelector("li[data-id]");
  const before = await shownRows(page);
  const started = Date.now();
  const text = await arrive();
  await page.waitForSelector('[data-testid="new-bar"]');
  const waited = Date.now() - started;
  assert.deepEqual(await shownRows(page), before, "the list did not move");
  await page.keyboard.press(".");
  await page.waitForSelector(`li[data-id] >> text=${text}`);
  return waited;
}

export async function until(page, holds, what) {
  const limit = Date.now() + 60_000;
  while (Date.now() < limit) {
    if (await holds()) return;
    await page.waitForTimeout(50);
  }
  assert.fail(`never came true: ${what}`);
}
