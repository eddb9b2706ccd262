import { readFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";
import { expect, it } from "vitest";

it("the generated types are those of the OpenAPI document; run `npm run generate` when not", async () => {
  const fresh = astToString(await openapiTS(new URL("../../../docs/api/openapi.json", import.meta.url)));
  const kept = readFileSync(new URL("./schema.gen.ts", import.meta.url), "utf8");
  const body = (text: string) => text.replace(/^\/\*\*[\s\S]*?\*\/\s*/, "").trim();
  expect(body(kept) === body(fresh)).toBe(true);
}, 60_000);
