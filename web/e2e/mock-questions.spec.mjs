// The five questions against the mock server: `npm run build && npm run e2e`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { SIZES } from "./browser.mjs";
import { clean, until } from "./flow.mjs";
import { on } from "./mock/on.mjs";

const MONTH = "/questions?period=30d";
const digits = (text) => Number(String(text).replace(/\D/g, ""));

/** Every panel has its answer and the chart is drawn. */
async function answered(page) {
  await page.waitForSelector("#words-title");
  await page.waitForSelector("section[aria-busy=true]", { state: "detached" });
  await page.waitForSelector("[data-ready=true] svg path", { state: "attached" });
}

/** The selection the search page asks for, once `act` has led there. */
async function rowsBehind(page, act) {
  const [request] = await Promise.all([
    page.waitForRequest((one) => one.method() === "POST" && new URL(one.url()).pathname === "/api/search"),
    act(),
  ]);
  return request.postDataJSON().selection;
}

/** The file a press brings. */
async function saved(page, act) {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

const bars = (page, panel) => page.locator(`#${panel} ol li`);
const slider = (page) => page.locator("#rhythm").getByRole("slider");

describe("the five questions", () => {
  for (const [locale, scheme, size] of [
    ["ru", "light", SIZES.wide],
    ["uk", "dark", SIZES.middle],
    ["en", "light", SIZES.narrow],
  ]) {
    it(`stand on one page, clean for axe (${locale}, ${scheme}, ${size.width} px)`, () =>
      on({ locale, scheme, size }, async ({ base, page, context }) => {
        await page.goto(base + MONTH);
        await answered(page);
        await clean(context, page, "the five questions");
        const sideways = await page.evaluate(() => {
          const content = document.querySelector("#content > div");
          return content.scrollWidth - content.clientWidth;
        });
        assert.equal(sideways, 0, "nothing runs over the side");
        await page.goto(`${base}${MONTH}&table=volume&table=rhythm&table=heat&table=places&table=authors&table=words`);
        await page.waitForSelector("#words table");
        await clean(context, page, "the five questions as tables");
      }));
  }

  it("begin with the last thirty days beside the thirty before", () =>
    on({ locale: "en" }, async ({ base, page }) => {
      await page.goto(`${base}/questions`);
      await page.waitForURL(/period=30d&compare=previous/);
      await answered(page);
      await page.getByText("Of what?").waitFor();
    }));

  it("are told apart when one cannot be answered, and it is tried again", () =>
    on({ locale: "en" }, async ({ base, page, mock, context }) => {
      mock.state.broken = ["places"];
      await page.goto(base + MONTH);
      await page.locator("#places [role=alert]").waitFor();
      await bars(page, "authors").first().waitFor();
      await clean(context, page, "one broken question");
      mock.state.broken = [];
      await page.locator("#places").getByRole("button", { name: "Try again" }).click();
      await bars(page, "places").first().waitFor();
    }));

  it("say what the archive does not hold yet", () =>
    on({ locale: "en" }, async ({ base, page, mock }) => {
      mock.state.archive.incomplete = { done: 40, total: 100 };
      mock.state.archive.missing = ["2026-03"];
      await page.goto(base + MONTH);
      await page.locator("#volume progress").waitFor();
      await page.locator("#volume").getByText("March 2026").waitFor();
    }));

  it("teach when there is no topic, and when nothing was said", () =>
    on({ locale: "en", mock: { empty: true } }, async ({ base, page, context }) => {
      await page.goto(base + MONTH);
      await page.getByText("Ask about something first").waitFor();
      await clean(context, page, "no topics");
    }));

  it("show the way out of filters that find nothing", () =>
    on({ locale: "en" }, async ({ base, page, context }) => {
      await page.goto(`${base}${MONTH}&city=Atlantis`);
      await page.locator("#volume").getByText("Nothing was said").waitFor();
      await clean(context, page, "nothing found");
      await page.locator("#volume").getByRole("button", { name: "Clear the filters" }).click();
      await page.waitForURL((url) => !url.searchParams.has("city"));
      await bars(page, "places").first().waitFor();
    }));
});

describe("a mark leads to its rows", () => {
  it("of a place, an author, a topic and a word: as many as the figure says", () =>
    on({ locale: "en" }, async ({ base, page, mock }) => {
      for (const [panel, list] of [
        ["places", "network"],
        ["authors", "author"],
        ["volume", "topic"],
      ]) {
        await page.goto(base + MONTH);
        const row = bars(page, panel).first();
        await row.waitFor();
        const texts = await row.locator("> span:not([aria-hidden])").allTextContents();
        const figure = panel === "volume" ? texts[1] : texts[0];
        const selection = await rowsBehind(page, () => row.locator("a").click());
        assert.equal(selection[list].length, 1);
        assert.ok(selection.from && selection.to, "the period is settled");
        assert.equal(mock.state.countArchive(selection), digits(figure), `rows of ${panel}`);
      }
      await page.goto(base + MONTH);
      const word = page.locator("#words ul a").first();
      const told = await word.getAttribute("title");
      const selection = await rowsBehind(page, () => word.click());
      assert.equal(mock.state.countArchive(selection), digits(told.split(" mention")[0]));
    }));

  it("of a square of the map: all spellings of its name, reached by keys too", () =>
    on({ locale: "en" }, async ({ base, page, mock, context }) => {
      await page.goto(`${base}${MONTH}&places=regions`);
      const square = page.locator("[data-code='RU-SAR']");
      await square.waitFor();
      await clean(context, page, "the map of regions");
      const told = await square.getAttribute("title");
      assert.match(told, /^Saratov Oblast: /);
      await page
        .locator("#places")
        .getByText(/^Not on the map: \d+ mentions/)
        .waitFor();
      await page.locator("#places").getByRole("link", { name: "Berlin" }).waitFor();
      await page.locator("[data-code='UA-32'] a").focus();
      await page.keyboard.press("ArrowLeft");
      assert.equal(await page.evaluate(() => document.activeElement.parentElement.dataset.code), "UA-46");
      await square.locator("a").focus();
      const selection = await rowsBehind(page, () => page.keyboard.press("Enter"));
      assert.deepEqual(selection.region.toSorted(), ["Saratovskaya oblast", "Саратовская область"]);
      assert.equal(mock.state.countArchive(selection), digits(told.split(": ")[1].split(" ")[0]));

      await page.goto(`${base}${MONTH}&places=countries`);
      await page.locator("[data-code='DE'] a").waitFor();
      await page.locator("#places").getByRole("button", { name: "List" }).click();
      await page.waitForURL(/shape=list/);
      await bars(page, "places").getByText("Germany").waitFor();
    }));

  it("of the whole, with what is left out switched on", () =>
    on({ locale: "en" }, async ({ base, page, mock }) => {
      await page.goto(`${base}${MONTH}&include=copies&include=spam`);
      const figure = page.locator("#volume ul li:nth-child(2) a");
      const shown = digits((await figure.textContent()).replace("Mentions: ", ""));
      const selection = await rowsBehind(page, () => figure.click());
      assert.deepEqual(selection.include, ["copies", "spam"]);
      assert.equal(mock.state.countArchive(selection), shown);
    }));

  it("of an hour of the week: the hours it is made of add up to it", () =>
    on({ locale: "en" }, async ({ base, page, context }) => {
      await page.goto(base + MONTH);
      await answered(page);
      await page.locator("[data-cell='0-9']").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog");
      await dialog.locator("li a").first().waitFor();
      await clean(context, page, "the hours of a cell");
      const title = await dialog.getByRole("heading").textContent();
      assert.match(title, /^Tuesday, 10:00–11:00: \d+ mention/);
      const all = digits(title.split("00: ")[1]);
      const counts = async () => dialog.locator("li > span:last-child").allTextContents();
      // The rows are fewer than the mock's, which holds other mentions for the search page: each hour has its count.
      await until(page, async () => (await counts()).every((text) => /\d/.test(text)), "every hour is counted");
      assert.ok(all > 0);
    }));
});

describe("the time line", () => {
  it("is walked, zoomed and left by keyboard alone", () =>
    on({ locale: "en" }, async ({ base, page, mock }) => {
      await page.goto(base + MONTH);
      await answered(page);
      await slider(page).focus();
      await page.keyboard.press("End");
      const last = await slider(page).getAttribute("aria-valuetext");
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("ArrowLeft");
      const text = await slider(page).getAttribute("aria-valuetext");
      assert.notEqual(text, last);
      assert.match(text, /2\d{3}: [\d,]+ mentions?, Negative \d+/);

      await page.keyboard.press("Shift+ArrowLeft");
      await page.keyboard.press("Shift+ArrowLeft");
      await page.keyboard.press("Enter");
      await page.waitForURL(/zoom=/);
      await answered(page);
      await until(
        page,
        async () => Number(await slider(page).getAttribute("aria-valuemax")) > 60,
        "three days in hours",
      );
      await page.keyboard.press("0");
      await page.waitForURL((url) => !url.searchParams.has("zoom"));
      await answered(page);

      await page.keyboard.press("End");
      await page.keyboard.press("ArrowLeft");
      const day = await slider(page).getAttribute("aria-valuetext");
      const selection = await rowsBehind(page, () => page.keyboard.press("Enter"));
      assert.equal(mock.state.countArchive(selection), digits(/: ([\d,]+) mention/.exec(day)[1]));
      await page.goBack();
      await answered(page);
    }));

  it("is zoomed by a drag, and the part becomes the page's", () =>
    on({ locale: "en" }, async ({ base, page }) => {
      await page.goto(base + MONTH);
      await answered(page);
      await slider(page).scrollIntoViewIfNeeded();
      const box = await slider(page).boundingBox();
      await page.mouse.move(box.x + box.width * 0.3, box.y + 100);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.5, box.y + 100, { steps: 5 });
      await page.mouse.up();
      await page.waitForURL(/zoom=/);
      await page.getByRole("button", { name: "Take for the whole page" }).click();
      await page.waitForURL((url) => url.searchParams.has("from") && !url.searchParams.has("zoom"));
      await page.goBack();
      await page.waitForURL(/zoom=/);
    }));

  it("bears notes: added, changed, deleted, brought back", () =>
    on({ locale: "en" }, async ({ base, page, mock, context }) => {
      await page.goto(base + MONTH);
      await answered(page);
      await page.getByRole("button", { name: "Add a note" }).click();
      await page.keyboard.type("Fibre cut in Saratov");
      await clean(context, page, "the form of a note");
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator("#rhythm li", { hasText: "Fibre cut in Saratov" }).waitFor();
      await page.getByRole("button", { name: "Edit Fibre cut in Saratov" }).click();
      await page.locator("[role=dialog] textarea").fill("Fibre cut near Saratov");
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator("#rhythm li", { hasText: "Fibre cut near Saratov" }).waitFor();
      await page.getByRole("button", { name: "Delete Fibre cut near Saratov" }).click();
      await until(page, () => mock.state.annotations.length === 0, "it is gone");
      await page.getByRole("button", { name: "Undo" }).click();
      await until(page, () => mock.state.annotations.length === 1, "it is back");
      await page.locator("#rhythm li", { hasText: "Fibre cut near Saratov" }).waitFor();
    }));

  it("sets topics side by side and periods against each other", () =>
    on({ locale: "en" }, async ({ base, page }) => {
      await page.goto(base + MONTH);
      await answered(page);
      const asked = page.waitForRequest((one) => one.url().endsWith("/questions/rhythm") && one.postDataJSON().compare);
      await page.getByRole("button", { name: /^Compare:/ }).click();
      await page.getByRole("button", { name: "With a year ago" }).click();
      const { selection, compare } = (await asked).postDataJSON();
      assert.equal(Number(selection.from.slice(0, 4)) - Number(compare.from.slice(0, 4)), 1);
      await page.getByRole("button", { name: /^Compare:/ }).click();
      await page.getByRole("button", { name: "Topics side by side" }).click();
      await page.waitForURL(/compare=topics/);
      await page.locator("#rhythm li svg").first().waitFor();
    }));
});

describe("what stands beside a figure", () => {
  it("says on focus what it is, and Escape takes it away", () =>
    on({ locale: "en" }, async ({ base, page, context }) => {
      await page.goto(base + MONTH);
      await page.locator("#volume").getByRole("button", { name: "Potential reach" }).focus();
      await page.getByRole("tooltip").getByText("Formula").waitFor();
      await clean(context, page, "a definition");
      await page.keyboard.press("Escape");
      await page.getByRole("tooltip").waitFor({ state: "detached" });
    }));

  it("opens all there is to know about its trust", () =>
    on({ locale: "en" }, async ({ base, page, context }) => {
      await page.goto(base + MONTH);
      await page.locator("#places button[data-score]").click();
      await page.getByRole("dialog").getByText("Cut short by a quota").waitFor();
      await clean(context, page, "trust in full");
    }));

  it("goes away as a drawing and as rows", () =>
    on({ locale: "en" }, async ({ base, page }) => {
      await page.goto(base + MONTH);
      await answered(page);
      // A page without our policy reads the files, as any program would.
      const reader = await page.context().newPage();
      await page.bringToFront();
      for (const panel of ["volume", "rhythm", "places", "authors", "words"]) {
        const menu = page
          .locator(`#${panel}`)
          .getByRole("button", { name: /^Export/ })
          .first();
        await menu.click();
        const svg = await saved(page, () => page.getByRole("button", { name: "SVG" }).click());
        assert.match(svg.name, /^molva-\w+-\d{4}-\d\d-\d\d\.svg$/);
        assert.match(svg.content.toString(), /^<svg [^>]*>.*All topics · /s, `${panel} explains itself`);
        const faults = await reader.evaluate(
          (text) => new DOMParser().parseFromString(text, "image/svg+xml").querySelectorAll("parsererror").length,
          svg.content.toString(),
        );
        assert.equal(faults, 0, `${panel} is well-formed`);
        assert.doesNotMatch(svg.content.toString(), /var\(--|<script/, "nothing of the page is needed");
        await menu.click();
        const png = await saved(page, () => page.getByRole("button", { name: "PNG" }).click());
        assert.deepEqual([...png.content.subarray(1, 4)], [...Buffer.from("PNG")]);
        assert.ok(png.content.length > 5_000, `${panel} is drawn: ${png.content.length} bytes`);
      }
      await page
        .locator("#rhythm")
        .getByRole("button", { name: /^Export/ })
        .first()
        .click();
      const asked = page.waitForRequest((one) => one.url().endsWith("/api/exports"));
      await page.getByRole("button", { name: "XLSX" }).click();
      const body = (await asked).postDataJSON();
      assert.deepEqual([body.what, body.format, body.unit], ["rhythm", "xlsx", "day"]);
    }));

  it("has an address for its table; back leads to the chart", () =>
    on({ locale: "en" }, async ({ base, page }) => {
      await page.goto(base + MONTH);
      await answered(page);
      await page.locator("#places").getByRole("button", { name: "Table" }).click();
      await page.waitForURL(/table=places/);
      await page.locator("#places table").waitFor();
      await page.locator("#places").getByRole("button", { name: "Cities" }).click();
      await page.waitForURL(/places=cities/);
      await page.goBack();
      await page.goBack();
      await bars(page, "places").first().waitFor();
    }));
});

describe("figures that people's labels correct", () => {
  for (const [locale, scheme, size] of [
    ["ru", "light", SIZES.wide],
    ["uk", "dark", SIZES.narrow],
  ]) {
    it(`stand beside the counted ones with their interval (${locale}, ${scheme}, ${size.width} px)`, () =>
      on({ locale, scheme, size }, async ({ base, page, context }) => {
        await page.goto(`${base}/questions?period=30d&compare=previous`);
        for (const panel of ["#volume", "#rhythm", "#places"]) {
          const shares = page.locator(`${panel} section dl > div`, { hasText: "±" });
          await shares.first().waitFor();
          assert.equal(await shares.count(), 3, `the tones of ${panel}`);
        }
        const volume = page.locator("#volume");
        assert.match(await volume.textContent(), /180/, "how many were labelled");
        assert.match(await volume.textContent(), /64\s?%/, "what part that covers");
        assert.match(await volume.locator("section dl > div").first().textContent(), /[△▲▽▼]/, "the change has a way");
        await page.locator("#rhythm [data-ready=true] svg path").first().waitFor({ state: "attached" });
        await clean(context, page, "corrected figures");
      }));
  }

  it("are not there where nobody has labelled, or too few were: the page says so and leads to labelling", () =>
    on({}, async ({ mock, base, page }) => {
      mock.state.labelled.audited = false;
      await page.goto(`${base}/questions?period=30d`);
      const volume = page.locator("#volume");
      await volume.getByText("Никто не размечал: это просто").waitFor();
      assert.doesNotMatch(await volume.textContent(), /±/);
      mock.state.labelled.few = 12;
      await page.reload();
      await volume.getByText("Размечено 12 упоминаний, для поправки нужно 30").waitFor();
      await volume.getByRole("link", { name: "Разметить за пять минут" }).click();
      await page.waitForURL(/\/labelling$/);
    }));

  it("are in the tables too", () =>
    on({}, async ({ base, page }) => {
      await page.goto(`${base}/questions?period=30d&table=volume`);
      await page.locator("#volume tbody td", { hasText: "±" }).first().waitFor();
    }));
});
