// What mentions mean, in the stream and on the questions page, against the mock server: `npm run build && npm run e2e`.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SIZES } from "./browser.mjs";
import { clean, openId, shownRows, until } from "./flow.mjs";
import { on } from "./mock/on.mjs";
import { without } from "./offered.mjs";

const of = (mock, id) => mock.state.mentions.find((one) => one.id === id);

/** Opens the first mention that the machine has judged and of which `fits` holds, by its address. */
async function open(mock, base, page, fits) {
  const mention = mock.state.mentions.find((one) => one.machine && fits(one));
  await page.goto(`${base}/stream?mention=${mention.id}`);
  await page.waitForSelector("#mention-detail h2");
  return mention;
}

const machineOnly = (one) => one.by_people.length === 0 && one.tone === "negative";

describe("judgements in the stream", { skip: without("explainMention", "getStory") }, () => {
  for (const [locale, scheme, size] of [
    ["ru", "light", SIZES.wide],
    ["uk", "dark", SIZES.middle],
    ["en", "light", SIZES.narrow],
  ]) {
    it(`are clean for axe (${locale}, ${scheme}, ${size.width} px)`, () =>
      on({ locale, scheme, size }, async ({ mock, base, page, context }) => {
        await open(mock, base, page, machineOnly);
        await page.waitForSelector("[data-weight]");
        await clean(context, page, "a judged mention");
        if (size !== SIZES.narrow) {
          await page.keyboard.press("i");
          await page.waitForSelector('[role="dialog"] kbd');
          await clean(context, page, "the menu of intents");
        }
      }));
  }

  it("are overruled by one key, and given back by undo", () =>
    on({}, async ({ mock, base, page }) => {
      const mention = await open(mock, base, page, machineOnly);
      const machine = mention.machine.tone;
      await page.keyboard.press("3");
      await until(page, () => of(mock, mention.id).tone === "positive", "the tone is set");
      assert.deepEqual(of(mock, mention.id).by_people, ["tone"]);
      await page.keyboard.press("u");
      await until(page, () => of(mock, mention.id).by_people.length === 0, "the machine's word stands again");
      assert.equal(of(mock, mention.id).tone, machine);

      await page.keyboard.press("Shift+Digit1");
      await until(page, () => of(mock, mention.id).spam === 1, "it is spam");
      await page.locator('#mention-detail [role=group] button[aria-pressed="true"]', { hasText: "Спам" }).waitFor();
      await page.keyboard.press("Shift+Digit1");
      await until(page, () => of(mock, mention.id).spam === 0, "it is not spam");
      assert.deepEqual(of(mock, mention.id).by_people, ["spam"]);
    }));

  it("are chosen from menus by digits", () =>
    on({}, async ({ mock, base, page }) => {
      const mention = await open(mock, base, page, (one) => machineOnly(one) && one.intents.includes("complaint"));
      const machine = mention.machine.tone;
      await page.keyboard.press("i");
      await page.waitForSelector('[role="dialog"] kbd');
      await page.keyboard.press("1");
      await page.keyboard.press("7");
      await page.keyboard.press("Enter");
      await page.waitForSelector('[role="dialog"]', { state: "detached" });
      await until(page, () => of(mock, mention.id).by_people.includes("intents"), "the intents are set");
      assert.ok(of(mock, mention.id).intents.includes("churn"));
      assert.ok(!of(mock, mention.id).intents.includes("complaint"));

      await page.keyboard.press("y");
      await page.waitForSelector('[role="dialog"] kbd');
      await page.keyboard.press("5");
      await until(page, () => of(mock, mention.id).stage === "leave", "the stage is set");

      await page.keyboard.press("t");
      await page.waitForSelector('[role="dialog"] kbd');
      await page.keyboard.press("2");
      await until(page, () => of(mock, mention.id).tone === "neutral", "the tone is set");
      await page.waitForSelector('[role="dialog"]', { state: "detached" });
      // The answers and events of the changes before are on the page then.
      await page.waitForTimeout(1_000);
      await page.keyboard.press("t");
      await page.waitForSelector('[role="dialog"] kbd');
      await page.keyboard.press("0");
      await until(page, () => !of(mock, mention.id).by_people.includes("tone"), "the machine's word stands again");
      assert.equal(of(mock, mention.id).tone, machine);
    }));

  it("go to all chosen mentions at once, and each goes back to its own", () =>
    on({}, async ({ mock, base, page }) => {
      await page.goto(`${base}/stream`);
      await page.waitForSelector("li[data-id]");
      const ids = (await shownRows(page)).slice(0, 3);
      const before = ids.map((id) => JSON.stringify([of(mock, id).stage, of(mock, id).by_people]));
      for (const id of ids) await page.locator(`li[data-id="${id}"] input[type=checkbox]`).check();
      await page.keyboard.press("y");
      await page.waitForSelector('[role="dialog"] kbd');
      await page.keyboard.press("2");
      await until(page, () => ids.every((id) => of(mock, id).stage === "buy"), "all stages are set");
      await page.waitForSelector('[role="dialog"]', { state: "detached" });
      await page.keyboard.press("u");
      await until(
        page,
        () => ids.every((id, at) => JSON.stringify([of(mock, id).stage, of(mock, id).by_people]) === before[at]),
        "each is what it was",
      );
    }));

  it("say why: the words that decided, under lines in the text, for each judgement", () =>
    on({}, async ({ mock, base, page }) => {
      const mention = await open(mock, base, page, (one) => machineOnly(one) && one.intents.includes("complaint"));
      const line = page.locator("#mention-detail article [data-weight]").first();
      await line.waitFor();
      assert.ok(mention.post.text.includes(await line.textContent()));
      const why = page.getByRole("region", { name: "Почему так" });
      await why.getByRole("button", { name: /Жалоба/ }).click();
      await until(page, async () => (await why.locator("li").count()) > 0, "its reasons are listed");
      assert.ok(await why.getByText("Три вопросительных знака подряд").isVisible());
      assert.equal(await why.locator("blockquote q").textContent(), mention.machine.motive);
    }));

  it("say when a tone is said against the odds", () =>
    on({ locale: "en" }, async ({ mock, base, page }) => {
      const odd = (one) => {
        if (!machineOnly(one) || one.machine.tone !== "negative") return false;
        return one.machine.tone_scores.neutral > one.machine.tone_scores.negative;
      };
      await open(mock, base, page, odd);
      await page.getByText("“Neutral” looks likelier to the model (46% against 41%)").waitFor();
      await open(mock, base, page, (one) => machineOnly(one) && !odd(one));
      await page.waitForSelector("[data-weight]");
      assert.equal(await page.getByText("looks likelier").count(), 0);
    }));

  it("say that the explanation did not load, and try again", () =>
    on({}, async ({ mock, base, page }) => {
      mock.state.unexplained = true;
      await open(mock, base, page, machineOnly);
      await page.getByText("Объяснение не загрузилось").waitFor();
      mock.state.unexplained = false;
      await page.locator("#mention-detail").getByRole("button", { name: "Повторить" }).click();
      await page.waitForSelector("[data-weight]");
    }));

  it("narrow the stream, and a story is one card", () =>
    on({}, async ({ mock, base, page }) => {
      await page.goto(`${base}/stream?intent=praise`);
      await page.waitForSelector("li[data-id]");
      for (const id of await shownRows(page)) assert.ok(of(mock, id).intents.includes("praise"));
      await page.goto(`${base}/stream?one_per_story=true`);
      await page.waitForSelector("li[data-id]");
      const stories = (await shownRows(page)).flatMap((id) => of(mock, id).story?.id ?? []);
      assert.equal(new Set(stories).size, stories.length);
      await page.locator("li[data-id] a", { hasText: /похож/ }).first().click();
      await page.waitForURL(/\/stories\/\d+/);
    }));

  it("are facets of the search", () =>
    on({}, async ({ mock, base, page }) => {
      await page.goto(`${base}/search`);
      await page.waitForSelector("li[data-id]");
      await page.getByRole("checkbox", { name: /Похвала/ }).check();
      await page.waitForURL(/intent=praise/);
      await until(
        page,
        async () => {
          const ids = await shownRows(page);
          return ids.length > 0 && ids.every((id) => of(mock, id).intents.includes("praise"));
        },
        "only praise is listed",
      );
      assert.equal(openId(page), null);
    }));
});

describe("the understanding of a selection", { skip: without("askUnderstanding", "getLabelling") }, () => {
  for (const [locale, scheme, size] of [
    ["ru", "dark", SIZES.wide],
    ["en", "light", SIZES.narrow],
  ]) {
    it(`shows shares with their intervals (${locale}, ${scheme}, ${size.width} px)`, () =>
      on({ locale, scheme, size }, async ({ base, page, context }) => {
        await page.goto(`${base}/questions?period=30d`);
        const panel = page.locator("#understanding");
        await panel.locator("ol li").first().waitFor();
        assert.match(await panel.locator("ol li").first().textContent(), /±/);
        await panel.locator("[data-ready=true] svg path").first().waitFor({ state: "attached" });
        await clean(context, page, "the understanding panel");
      }));
  }

  it("says where nobody has labelled, and leads there", () =>
    on({}, async ({ mock, base, page }) => {
      mock.state.labelled.audited = false;
      await page.goto(`${base}/questions?period=30d`);
      const panel = page.locator("#understanding");
      await panel.locator("ol li").first().waitFor();
      assert.doesNotMatch(await panel.locator("ol").first().textContent(), /±/);
      await panel.getByText("никто не размечал", { exact: true }).waitFor();
      await panel.getByText("Никто не размечал: это просто").waitFor();
      await panel.getByRole("link", { name: "Разметить за пять минут" }).click();
      await page.waitForURL(/\/labelling/);
    }));

  it("is set against the compared stretch, with sign and direction", () =>
    on({ mock: { mentions: 300, days: 40 } }, async ({ base, page }) => {
      await page.goto(`${base}/questions?period=7d&compare=previous`);
      const panel = page.locator("#understanding");
      await panel.locator("ol li").first().waitFor();
      assert.match(await panel.locator("ol li").first().textContent(), /[▲▼=].*(больше на|меньше на|без изменений)/s);
      await panel.getByRole("button", { name: "Таблица" }).click();
      await panel.getByRole("columnheader", { name: "Изменение" }).waitFor();
      assert.match(await panel.locator("tbody tr").first().textContent(), /[▲▼=]/);
    }));

  it("has tables, and its marks lead to their rows", () =>
    on({}, async ({ base, page }) => {
      await page.goto(`${base}/questions?period=30d&table=understanding`);
      const panel = page.locator("#understanding");
      await panel.getByRole("button", { name: "Намерения" }).click();
      await panel.locator("tbody tr").first().locator("a").click();
      await page.waitForURL(/\/search\?.*intent=/);
    }));
});
