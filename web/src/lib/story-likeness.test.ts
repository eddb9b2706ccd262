import { expect, it } from "vitest";
import { likest } from "./story-likeness";

const titles = (text: string, most = 3) =>
  likest(
    [
      { title: "Билайн открыл новый салон" },
      { title: "Третий день без интернета, Билайн молчит" },
      { title: "Без интернета третий день" },
    ],
    text,
    most,
  ).map(({ title }) => title);

it("puts first what shares most words, whatever their order", () => {
  expect(titles("третий день без интернета", 2)).toEqual([
    "Без интернета третий день",
    "Третий день без интернета, Билайн молчит",
  ]);
});

it("takes a word that is still being typed", () => {
  expect(titles("сало")[0]).toBe("Билайн открыл новый салон");
});

it("keeps the order where nothing is alike", () => {
  expect(titles("погода")).toHaveLength(3);
  expect(titles("погода")[0]).toBe("Билайн открыл новый салон");
});
