// Writes `name.br` beside every text file of the build, so that the server sends it as it lies.
// Usage: node scripts/precompress.mjs DIST
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const SMALLEST = 512;
const TEXT = /\.(js|css|html|svg|json|webmanifest)$/;

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

let before = 0;
let after = 0;
for (const path of files(process.argv[2] ?? "dist")) {
  if (!TEXT.test(path)) continue;
  const raw = readFileSync(path);
  if (raw.length < SMALLEST) continue;
  const packed = brotliCompressSync(raw, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length },
  });
  if (packed.length >= raw.length) continue;
  writeFileSync(`${path}.br`, packed);
  before += raw.length;
  after += packed.length;
}
console.log(`precompressed ${(before / 1024).toFixed(0)} kB to ${(after / 1024).toFixed(0)} kB`);
