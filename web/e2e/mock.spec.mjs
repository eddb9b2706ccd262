// The whole app against the mock server: `npm run build && npm run e2e`.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SIZES, settled } from "./browser.mjs";
import {
  clean,
  firstRun,
  liveMention,
  openId,
  QUERY,
  queryText,
  shownRows,
  until,
  workByKeyboard,
  writeQuery,
} from "./flow.mjs";
import { on } from "./mock/on.mjs";

describe("first run", () => {
  for (const locale of ["ru", "uk", "en"]) {
    it(`leads from the link to the stream by keyboard alone (${locale})`, () =>
      on({ locale, signedIn: false, mock: { setup: true } }, async ({ base, page, context }) => {
        await firstRun(context, page, { link: `${base}/setup#one-time`, brand: "Билайн" });
        await page.waitForSelector("li[data-id]");
        await clean(context, page, "the stream");
        assert.equal(await page.getAttribute("html", "lang"), locale);
      }));
  }

  it("keeps what was typed when the link is not valid", () =>
    on({ signedIn: false, mock: { setup: true } }, async ({ base, page }) => {
      await page.goto(`${base}/setup#wrong`);
      await page.fill('input[name="name"]', "Ana");
      await page.fill('input[name="login"]', "ana");
      await page.fill('input[name="password"]', "0123456789");
      await page.keyboard.press("Enter");
      await page.waitForSelector('[role="alert"]');
      assert.equal(await page.inputValue('input[name="login"]'), "ana");
    }));
});

describe("sign-in", () => {
  it("says when the words are wrong and leads back to the page that was asked for", () =>
    on({ signedIn: false }, async ({ base, page, context }) => {
      await page.goto(`${base}/sources`);
      await page.waitForURL(/sign-in\?next=/);
      await page.waitForSelector('input[name="login"]');
      await clean(context, page, "sign-in");
      await page.fill('input[name="login"]', "maria");
      await page.fill('input[name="password"]', "wrong");
      await page.keyboard.press("Enter");
      await page.waitForSelector('[role="alert"]');
      await page.fill('input[name="password"]', "correct horse");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/sources$/);
    }));
});

describe("the stream", () => {
  it("is worked by keyboard", () =>
    on({}, async ({ base, page }) => {
      await page.goto(`${base}/stream`);
      await workByKeyboard(page);
    }));

  it("says that all that fits is folded elsewhere, and unfolds it", () =>
    on({ locale: "en" }, async ({ base, page, context, mock }) => {
      const [first, ...others] = mock.state.mentions;
      for (const one of others.filter(({ post }) => post.network === "vk")) one.copy_of = first.id;
      const copies = others.filter((one) => one.copy_of && one.state !== "binned").length;
      mock.state.mentions = mock.state.mentions.filter((one) => one.post.network !== "vk" || one.copy_of);
      await page.goto(`${base}/stream?network=vk`);
      await page.getByText(`${copies} mentions fit, in the words of others`).waitFor();
      await clean(context, page, "a stream of folded copies");
      await page.getByRole("button", { name: "Show copies as rows" }).click();
      await page.waitForSelector("li[data-id]");
      await until(page, () => new URL(page.url()).searchParams.get("copies") === "true", "the address says so");
    }));

  it("gathers new ones and never moves what is read", () =>
    on({}, async ({ base, page, mock }) => {
      await page.goto(`${base}/stream`);
      const waited = await liveMention(page, () => {
        mock.arrive(1, "Свежее слово о билайне номер один");
        return "Свежее слово";
      });
      assert.ok(waited < 1_500, `the bar came after ${waited} ms`);
    }));

  it("misses nothing while the connection is away", () =>
    on({}, async ({ base, page, mock }) => {
      await page.goto(`${base}/stream`);
      await page.waitForSelector('[data-phase="open"]');
      mock.down(true);
      await page.waitForSelector('[data-phase="lost"]');
      mock.arrive(2, "Пришло, пока связи не было: билайн");
      mock.down(false);
      await page.waitForSelector('[data-testid="new-bar"]');
      await page.waitForSelector('[data-phase="open"]');
    }));

  it("holds 10,000 rows, loads by pages and keeps its place when one comes back", () =>
    on({ mock: { mentions: 10_000 } }, async ({ base, page }) => {
      await page.goto(`${base}/stream`);
      await page.waitForSelector("li[data-id]");
      const list = page.locator("ul:has(> li[data-id])");
      for (let turn = 0; turn < 5; turn += 1) {
        await list.evaluate((element) => element.parentElement.scrollTo({ top: element.parentElement.scrollHeight }));
        await page.waitForTimeout(300);
      }
      const rows = await shownRows(page);
      assert.ok(rows.length < 60, `${rows.length} rows in the page`);
      assert.ok(Number(await page.locator("li[data-id]").last().getAttribute("aria-posinset")) > 200);
      // How many rows stand outside the window depends on the way it was scrolled: one in its middle is followed.
      const middle = rows[Math.floor(rows.length / 2)];
      const height = () =>
        page.evaluate((id) => document.querySelector(`li[data-id="${id}"]`)?.getBoundingClientRect().top, middle);
      const before = await height();
      await page.keyboard.press("g");
      await page.keyboard.press("t");
      await page.waitForURL(/\/topics/);
      await page.goBack();
      await until(page, async () => Math.abs((await height()) - before) < 4, "the same row at the same place");
    }));

  it("has an address for every filter; back and forward work", () =>
    on({}, async ({ base, page }) => {
      await page.goto(`${base}/stream?tone=negative&network=vk`);
      await page.waitForSelector("li[data-id]");
      const narrowed = await shownRows(page);
      await page.getByRole("button", { name: "Взятые" }).click();
      await page.waitForURL(/state=kept/);
      await page.goBack();
      await page.waitForURL((url) => !url.search.includes("state"));
      await until(page, async () => String(await shownRows(page)) === String(narrowed), "the list of before");
      await page.keyboard.press("j");
      await until(page, () => openId(page) === narrowed[0], "the mention is in the address");
      await page.reload();
      await page.waitForSelector("#mention-detail");
      assert.equal(openId(page), narrowed[0]);
    }));

  it("teaches when it is empty", () =>
    on({ mock: { empty: true } }, async ({ base, page, context }) => {
      await page.goto(`${base}/stream`);
      await page.getByRole("link", { name: "Создать первую тему" }).waitFor();
      await clean(context, page, "the empty stream");
    }));
});

describe("the topic editor", () => {
  it("shows faults where they are, fixes with a click, and saves", () =>
    on({}, async ({ base, page, context }) => {
      await page.goto(`${base}/topics/new`);
      await page.locator("input").nth(1).fill("Молва");
      await writeQuery(page, "(молва or molva");
      await page.getByRole("button", { name: "Написать OR" }).click();
      await until(page, async () => (await queryText(page)) === "(молва OR molva", "the repair stands in the query");
      await page.getByText("Скобка не закрыта").waitFor();
      await clean(context, page, "the editor with a fault");
      await page.locator(QUERY).press("End");
      await page.keyboard.type(")");
      await page.waitForSelector("mark");
      await clean(context, page, "the editor with a preview");
      await page.keyboard.press("Control+s");
      await page.waitForURL(/\/stream\?topic=/);
    }));

  it("asks before it forgets what was typed", () =>
    on({}, async ({ base, page }) => {
      await page.goto(`${base}/topics`);
      await page.locator("main ul a").first().click();
      await writeQuery(page, "другое");
      await page.locator("nav a").nth(3).click();
      await page.waitForSelector('[role="dialog"]');
      await page.getByRole("button", { name: "Остаться" }).click();
      assert.equal(await queryText(page), "другое");
    }));
});

describe("sources", () => {
  it("shows a source that fails in words, within a minute and without an event", () =>
    on({}, async ({ base, page, mock, context }) => {
      await page.goto(`${base}/sources`);
      await page.waitForSelector("article");
      await clean(context, page, "sources");
      const source = mock.state.sources.find((one) => one.connector === "feed");
      Object.assign(source, {
        state: "stopped",
        problem: { code: "gone", message: "лента удалена", advice: "уберите источник", since: null },
      });
      await page.getByText("Лента удалена").waitFor({ timeout: 30_000 });
    }));

  it("are added from a form that says what is wrong, tests, and shows a push secret once", () =>
    on({}, async ({ base, page, context }) => {
      await page.goto(`${base}/sources/add`);
      await page.getByRole("link", { name: "RSS и Atom" }).click();
      await page.fill('input[name="url"]', "http://10.0.0.1");
      await page.getByRole("button", { name: "Добавить источник" }).click();
      await page.getByText("Адрес внутренней сети").waitFor();
      await page.fill('input[name="url"]', "https://example.org/feed");
      await page.getByRole("button", { name: "Проверить" }).click();
      await page.getByText("25 записей").waitFor();
      await clean(context, page, "the form");
      await page.getByRole("button", { name: "Добавить источник" }).click();
      await page.waitForURL(/\/sources$/);

      await page.goto(`${base}/sources/add?connector=push`);
      await page.getByRole("button", { name: "Добавить источник" }).click();
      await page.getByText("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", { exact: true }).waitFor();
      await clean(context, page, "the push guide");
    }));

  it("says where the network calls, how calls go, and shows a new secret once", () =>
    on({}, async ({ base, page, context }) => {
      await page.goto(`${base}/sources/add?connector=telegram`);
      await page.getByRole("button", { name: "Добавить источник" }).click();
      const panel = page.getByRole("region", { name: "Куда вызывает сеть" });
      await panel.getByText(/^https:\/\/molva\.example\/api\/webhooks\/telegram\/\d+-f7A/).waitFor();
      await panel.getByText("секрет одинаков с обеих сторон?").waitFor();
      await clean(context, page, "where the network calls");
      await panel.getByRole("button", { name: "Новые адрес и секрет" }).click();
      await page.getByRole("button", { name: "Создать новые" }).click();
      await panel.getByText("Jw4nT8qLx2Vb6mZc0Rk9sYd3Hf7gPe1U", { exact: true }).waitFor();
      await panel.getByText(/-Xq3/).waitFor();
      await clean(context, page, "a new secret");
    }));
});

it("says when the server is away and comes back by itself", () =>
  on({}, async ({ base, page, mock }) => {
    await page.goto(`${base}/stream`);
    await page.waitForSelector("li[data-id]");
    mock.down(true);
    await page.getByText("Molva не отвечает. То, что на экране").waitFor();
    mock.down(false);
    await page.getByText("Molva не отвечает. То, что на экране").waitFor({ state: "detached" });
  }));

describe("every page is clean for axe", () => {
  const PAGES = [
    "/stream",
    "/topics",
    "/topics/lists",
    "/topics/lists/71",
    "/sources",
    "/sources/13",
    "/sources/add",
    "/sources/13/edit",
    "/settings",
    "/no/such/page",
  ];
  for (const [locale, scheme, size] of [
    ["ru", "dark", "wide"],
    ["uk", "light", "middle"],
    ["en", "dark", "narrow"],
  ]) {
    it(`${locale}, ${scheme}, ${size}`, () =>
      on({ locale, scheme, size: SIZES[size] }, async ({ base, page, context }) => {
        for (const address of PAGES) {
          await page.goto(base + address);
          await page.waitForSelector("h1, h2");
          await settled(page);
          await clean(context, page, `${address} ${locale}`);
        }
      }));
  }
});

describe("what is not there", () => {
  const LISTS = {
    "/stories/99": ["Сюжеты", /\/stories$/],
    "/sources/99": ["Источники", /\/sources$/],
    "/sources/99/edit": ["Источники", /\/sources$/],
    "/topics/99": ["Темы", /\/topics$/],
    "/topics/lists/99": ["Списки", /\/topics\/lists$/],
  };
  for (const [address, [name, list]] of Object.entries(LISTS)) {
    it(`leads back to its list (${address})`, () =>
      on({}, async ({ base, page, context }) => {
        await page.goto(base + address);
        const back = page.getByRole("link", { name: `Назад: ${name}` });
        await back.waitFor();
        await clean(context, page, address);
        await back.click();
        await page.waitForURL(list);
      }));
  }

  it("leads back to the mentions from one of them", () =>
    on({}, async ({ base, page }) => {
      await page.goto(`${base}/stream?mention=99`);
      await page.getByRole("button", { name: "Назад: Упоминания" }).click();
      await page.waitForURL(/\/stream$/);
    }));
});
