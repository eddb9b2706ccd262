// The search page, as tests open and read it.
import { QUERY } from "./flow.mjs";

export const MANY = { mock: { mentions: 900, days: 40 } };
export const countOf = (page) => page.locator("[role=status] strong").first().textContent();
export const param = (page, name) => new URL(page.url()).searchParams.getAll(name);

export async function open(page, address) {
  await page.goto(address);
  await page.waitForSelector("li[data-id]");
  await page.waitForSelector(QUERY);
  await page.waitForSelector("rect");
}
