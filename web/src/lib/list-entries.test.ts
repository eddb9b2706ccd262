import { expect, it } from "vitest";
import { entryOf, lineSpan, readEntries } from "./list-entries";

it("entries are lines without blanks and repetitions, each with its line", () => {
  expect(readEntries(" вакансия \n\nрезюме\r\nВакансия\n==Резюме")).toEqual({
    entries: ["вакансия", "резюме", "==Резюме"],
    lines: [1, 3, 5],
    repeated: 1,
  });
});

it("an error names its entry", () => {
  expect([entryOf("entries.3"), entryOf("entries[12]"), entryOf("entries"), entryOf("name")]).toEqual([
    3,
    12,
    null,
    null,
  ]);
});

it("a line is found in its text", () => {
  expect(lineSpan("аб\n\nвг", 3)).toEqual({ start: 4, end: 6 });
  expect(lineSpan("аб", 1)).toEqual({ start: 0, end: 2 });
});
