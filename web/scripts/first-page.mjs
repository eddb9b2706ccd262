// Weighs what a browser fetches before the first page is shown, as it is sent (brotli), and fails above the budget. That is
// what `index.html` names, and the words of one language: of the one that weighs most.
// Usage: node scripts/first-page.mjs DIST BUDGET_KIB
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const [folder = "dist", budget = "200"] = process.argv.slice(2);
const page = readFileSync(join(folder, "index.html"), "utf8");
const named = [...page.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css|svg))"/g)].map((match) => match[1]);
const sent = (path) => {
  const packed = join(folder, `${path}.br`);
  return statSync(existsSync(packed) ? packed : join(folder, path)).size;
};
const texts = readdirSync(join(folder, "assets"))
  .filter((name) => /^(ru|uk|en)-[^.]+\.js$/.test(name))
  .map((name) => `assets/${name}`)
  .sort((a, b) => sent(b) - sent(a));
if (texts.length !== 3) throw new Error(`the texts of ${texts.length} languages are in ${folder}, not of three`);
const parts = ["index.html", ...new Set(named), texts[0]].map((path) => [sent(path), path]).sort((a, b) => b[0] - a[0]);
const total = parts.reduce((sum, [bytes]) => sum + bytes, 0);
const kib = (bytes) => (bytes / 1024).toFixed(1);
console.log(`first page: ${kib(total)} KiB of ${budget} in ${parts.length} files`);
for (const [bytes, path] of parts.slice(0, 8)) console.log(`  ${kib(bytes).padStart(6)} ${path}`);
if (total > Number(budget) * 1024) {
  console.error(`the first page is above its budget of ${budget} KiB: load later what its first look does not need`);
  process.exit(1);
}
