import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { LengthRule } from "~/api/replies";
import { measure } from "./length";

interface Case {
  rule: LengthRule;
  text: string;
  used: number;
  over: boolean;
}

const TABLE = new URL("../../../../crates/connectors/fixtures/lengths.json", import.meta.url);
const cases = JSON.parse(readFileSync(TABLE, "utf8")) as Case[];

describe("lengths are those of the common table", () => {
  it("has cases", () => expect(cases.length).toBeGreaterThan(10));

  it.each(cases.map((one) => [`${one.rule.unit} ${JSON.stringify(one.text)}`, one] as const))("%s", (_, one) => {
    const { used, over, limit } = measure(one.rule, one.text);
    expect({ used, over, limit }).toEqual({ used: one.used, over: one.over, limit: one.rule.limit });
  });
});

it("counts bytes as UTF-8", () => {
  const rule: LengthRule = { limit: 300, unit: "graphemes", bytes: 3_000, url_counts: null, short_handles: false };
  expect(measure(rule, "да 👍")).toEqual({ used: 4, limit: 300, bytes: 9, over: false });
});

it("leaves a handle inside a word alone", () => {
  const rule: LengthRule = { limit: 500, unit: "graphemes", bytes: null, url_counts: 23, short_handles: true };
  expect(measure(rule, "a@b@c.example").used).toBe(13);
  expect(measure(rule, "/@b@c.example").used).toBe(13);
  expect(measure(rule, "(@b@c.example)").used).toBe(4);
});
