import { expect, it } from "vitest";
import { greeted, greetedAnew, saysNothing } from "./greeting";

const OLENA = "@olena@m.example ";

it("a text that is only the greeting says nothing", () => {
  expect(["", " \n", "@olena@m.example", `${OLENA} `].every((text) => saysNothing(text, OLENA))).toBe(true);
  expect(saysNothing(`${OLENA}да`, OLENA)).toBe(false);
  expect(saysNothing("@olena@m.example", null)).toBe(false);
});

it("a greeting that was taken away goes out all the same", () => {
  expect(greeted(" да ", OLENA)).toBe("@olena@m.example да");
  expect(greeted(`${OLENA}да`, OLENA)).toBe("@olena@m.example да");
  expect(greeted("да", null)).toBe("да");
});

it("another account greets in its own way, and what was taken away stays away", () => {
  expect(greetedAnew(`${OLENA}да`, OLENA, null)).toBe("да");
  expect(greetedAnew("да", null, OLENA)).toBe("@olena@m.example да");
  expect(greetedAnew("да", OLENA, "@o ")).toBe("да");
});
