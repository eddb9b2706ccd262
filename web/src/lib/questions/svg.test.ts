import { expect, it } from "vitest";
import { mapped } from "./places/place-map";
import { barsDrawing, escapeXml, framed, heatDrawing, tilesDrawing, wordsDrawing } from "./svg";

const colors = {
  text: "#111",
  dim: "#555",
  surface: "#fff",
  grid: "#eee",
  accent: "#43c",
  other: "#999",
  negative: "#c00",
  neutral: "#888",
  positive: "#080",
  unjudged: "#ccc",
};

it("nothing of a post can become markup", () => {
  expect(escapeXml('</text><script>alert("1")</script>\u0000&')).toBe(
    "&lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;",
  );
});

it("a file explains itself: title, stretch, legend and what it rests on", () => {
  const drawing = wordsDrawing([{ text: "сбой", x: 0, y: 10, size: 12, weight: 600, fill: "#111" }], 400, 20);
  const legend = [{ color: "#c00", text: "− Negative" }];
  const svg = framed({ title: "Words", subtitle: "November", note: "Molva", legend, drawing, colors, font: "Arial" });
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text]) => text);
  expect(texts).toEqual(["Words", "November", "− Negative", "сбой", "Molva"]);
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="448" height="164"/);
});

it("the parts of a bar are as long as the bar", () => {
  const tones = { negative: 1, neutral: 0, positive: 1, unjudged: 2 };
  const { body } = barsDrawing([{ label: "VK", length: 0.5, text: "4", tones }], colors, 760);
  const widths = [...body.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
  expect(widths).toEqual([50, 50, 100]);
});

it("a long name is cut by letters, not by halves of them", () => {
  const { body } = barsDrawing([{ label: "😀".repeat(40), length: 1, text: "1" }], colors);
  expect(body).toContain(`>${"😀".repeat(31)}…<`);
});

it("every square but the empty ones has its figure", () => {
  const cells = Array.from({ length: 7 }, (_, day) => Array.from({ length: 24 }, (_, hour) => (hour === 9 ? day : 0)));
  const { body } = heatDrawing({ cells, days: ["Mon"], hours: [], colors, count: String });
  expect(body.match(/<rect/g)?.length).toBe(168);
  expect([...body.matchAll(/font-size="9"[^>]*>(\d)/g)].map(([, figure]) => figure)).toEqual([
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
  ]);
});

it("a map has a square for each place, with a figure where something was said", () => {
  const said = { value: "Москва", mentions: 3, share: 1, negative: 0, neutral: 0, positive: 0, unjudged: 3, reach: 0 };
  const { maps } = mapped("regions", [{ ...said, label: "Москва" }], "en");
  const { body, width, height } = tilesDrawing(maps, colors, String);
  expect([width, height]).toEqual([640, 500]);
  expect(body.match(/<rect/g)?.length).toBe(83);
  expect([...body.matchAll(/font-size="9"[^>]*>(\d)/g)].map(([, figure]) => figure)).toEqual(["3"]);
});
