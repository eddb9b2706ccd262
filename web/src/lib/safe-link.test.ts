import { expect, it } from "vitest";
import { safeLink } from "./safe-link";

it("only web addresses become links", () => {
  expect(safeLink("https://example.org/a b")).toBe("https://example.org/a%20b");
  for (const bad of [
    "javascript:alert(1)",
    "data:text/html,x",
    "//example.org",
    "",
    null,
    undefined,
    "not an address",
  ]) {
    expect(safeLink(bad)).toBeUndefined();
  }
});
