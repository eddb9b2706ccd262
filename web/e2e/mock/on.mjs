// A fresh page over a fresh mock server for each test of a file.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { launch, openPage } from "../browser.mjs";
import { createMock } from "./server.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Runs `steps`; the page may complain about nothing. */
export async function on(options, steps) {
  const mock = createMock(options.mock);
  if (options.signedIn !== false) mock.state.signedIn = true;
  mock.state.locale = options.locale ?? "ru";
  const base = await mock.listen();
  const { context, page, complaints } = await openPage(browser, options);
  try {
    await steps({ mock, base, page, context });
    assert.deepEqual(complaints, [], "the console is silent and no other host was asked");
    assert.deepEqual([...mock.unfaithful], [], "what is asked and answered fits the API document");
  } finally {
    await context.close();
    mock.close();
  }
}
